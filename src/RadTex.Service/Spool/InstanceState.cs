namespace RadTex.Service.Spool;

/// <summary>Where an instance stands. Stored by name: a name is never given another meaning.</summary>
internal enum InstanceState
{
    /// <summary>On the disk and in the queue: from now on it is answered.</summary>
    Received,

    /// <summary>The answer is decided, to the bit and with its time.</summary>
    Judged,

    /// <summary>Report and pictures are on the disk, byte by byte as they will be sent.</summary>
    Stored,

    /// <summary>All that was to be sent has arrived, or there was nothing to send.</summary>
    Sent,

    /// <summary>Something could not be judged or sent; a person may retry it.</summary>
    Dead,
}
