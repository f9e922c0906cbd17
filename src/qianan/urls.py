"""When this address is asked, open that door."""

urlpatterns: list = []
