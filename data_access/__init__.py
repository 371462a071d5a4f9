"""The read-replica query layer: contract, replica, one module per question, snapshot."""
