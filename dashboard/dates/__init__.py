"""How the admin writes dates, where our own pages write them through `dashboard.formats`."""
