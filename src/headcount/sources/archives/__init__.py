"""Containers of reports, read forward in constant memory: gzip, zip, WARC, WACZ."""
