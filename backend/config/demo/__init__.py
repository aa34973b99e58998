"""`manage.py demo`: the whole product on one machine, from an empty folder to reviewed-ready identities."""
