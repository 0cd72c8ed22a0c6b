namespace RadTex.Files;

/// <summary>
/// Opens files that a user, a folder or a table names: regular files only. A named pipe or a socket keeps its reader waiting for ever, and a device
/// such as <c>/dev/zero</c> has no end. Links are followed; what may be named at all is <c>Studies.Archives.SourceFolder</c>'s to say.
/// </summary>
internal static class RegularFile
{
    /// <summary>What a name stands for that is no regular file, such as "a named pipe, not a file"; null for a file and for nothing.</summary>
    internal static string? Fault(string path) => Posix.KindOf(path) switch
    {
        FileKind.Pipe => "a named pipe, not a file",
        FileKind.Socket => "a socket, not a file",
        FileKind.Device => "a device, not a file",
        FileKind.Folder => "a folder, not a file",
        _ => null,
    };

    /// <summary>Opens a file for reading, to be shared with other readers.</summary>
    /// <exception cref="UserErrorException">It is no regular file.</exception>
    /// <exception cref="IOException">As <see cref="FileStream"/> has it.</exception>
    internal static FileStream OpenRead(string path, int bufferSize = 4096, FileOptions options = FileOptions.None)
    {
        Require(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize, options);
    }

    internal static byte[] ReadAllBytes(string path)
    {
        Require(path);
        return File.ReadAllBytes(path);
    }

    internal static string ReadAllText(string path)
    {
        Require(path);
        return File.ReadAllText(path);
    }

    internal static IEnumerable<string> ReadLines(string path)
    {
        Require(path);
        return File.ReadLines(path);
    }

    /// <summary>For what a library opens by its name.</summary>
    /// <exception cref="UserErrorException">It is no regular file.</exception>
    internal static void Require(string path)
    {
        if (Fault(path) is { } fault) throw new UserErrorException($"{path} is {fault}. Expected a regular file; check the path.");
    }
}
