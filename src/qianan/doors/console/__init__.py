"""console: the operator's door. `./qianan some-name` is the command `some_name` here."""
