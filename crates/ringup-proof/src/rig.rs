//! What both instruments stand on: an issuer's folder, the real server in a process of its own, providers' notifications.
