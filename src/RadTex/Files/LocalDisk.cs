namespace RadTex.Files;

/// <summary>Whether a file would lie on a network file system, whose locks and flushes SQLite cannot rely on.</summary>
internal static class LocalDisk
{
    private const string Mounts = "/proc/self/mountinfo";
    private static readonly string[] Networked =
        ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.s3fs", "9p", "afs", "ceph", "glusterfs", "lustre"];

    /// <param name="path">The file.</param>
    /// <param name="kind">What it is, such as "project".</param>
    /// <param name="owner">The program that has it open, such as "studio".</param>
    /// <exception cref="UserErrorException">It would.</exception>
    internal static void Require(string path, string kind, string owner)
    {
        if (NetworkType(Path.GetFullPath(path)) is not { } type) return;
        throw new UserErrorException(
            $"{path} lies on a network file system ({type}), whose locks do not keep a {kind} safe. Expected a disk of "
                + $"this machine: keep the {kind} there and copy it when the {owner} is closed.");
    }

    private static string? NetworkType(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            try { return new DriveInfo(Path.GetPathRoot(path) ?? path).DriveType == DriveType.Network ? "network drive" : null; }
            catch (ArgumentException) { return null; } // a place without a drive letter
        }
        if (!File.Exists(Mounts)) return null;
        return TypeOf(path, RegularFile.ReadAllText(Mounts)) is { } type && Networked.Contains(type) ? type : null;
    }

    /// <summary>The file system of the longest mount point that a path lies under.</summary>
    internal static string? TypeOf(string path, string mountInfo)
    {
        (string Point, string Type)? best = null;
        foreach (var line in mountInfo.Split('\n'))
        {
            // id parent major:minor root point options [fields] - type source options
            string[] parts = line.Split(' ');
            int dash = Array.IndexOf(parts, "-");
            if (parts.Length < 6 || dash < 0 || dash + 1 >= parts.Length) continue;
            string point = parts[4].Replace("\\040", " ", StringComparison.Ordinal);
            bool isAbove = point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);
            if (isAbove && point.Length >= (best?.Point.Length ?? 0)) best = (point, parts[dash + 1]);
        }
        return best?.Type;
    }
}
