"""PostgreSQL and Valkey as child services in the data folder, for a machine that has neither."""
