"""kit: what all doors share: actor of a request, problems in words, links, pages, components. No address of its own."""
