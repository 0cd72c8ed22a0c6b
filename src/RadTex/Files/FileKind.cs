namespace RadTex.Files;

/// <summary>What a path stands for, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing is there, or the system does not say.</summary>
    Unknown,

    Regular,

    Folder,

    Pipe,

    Socket,

    /// <summary>Of characters or of blocks.</summary>
    Device,
}
