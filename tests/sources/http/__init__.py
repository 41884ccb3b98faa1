"""The one door to the network, tried against servers on this machine."""
