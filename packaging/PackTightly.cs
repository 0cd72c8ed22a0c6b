using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Packs a NuGet package again as small as deflate goes: NuGet compresses for speed, which costs a package with torch 5 MB. Entries keep their
/// names, order and times.
/// </summary>
/// <remarks>Compiled by MSBuild when a tool is packed (PackTightly.targets), so it keeps to what .NET Standard 2.0 has.</remarks>
public class PackTightly : Task
{
    // .NET's CompressionLevel.SmallestSize, which .NET Standard does not name.
    private const CompressionLevel Smallest = (CompressionLevel)3;

    /// <summary>What was packed; what is no .nupkg is left alone.</summary>
    [Required]
    public ITaskItem[] Packages { get; set; }

    public override bool Execute()
    {
        foreach (var path in Packages.Select(p => p.ItemSpec).Where(p => Path.GetExtension(p) == ".nupkg")) Pack(path);
        return !Log.HasLoggedErrors;
    }

    private void Pack(string path)
    {
        string temporary = path + ".partial";
        using (var from = ZipFile.OpenRead(path))
        using (var to = ZipFile.Open(temporary, ZipArchiveMode.Create))
            foreach (var entry in from.Entries)
            {
                var copy = to.CreateEntry(entry.FullName, Smallest);
                copy.LastWriteTime = entry.LastWriteTime;
                using (var reader = entry.Open())
                using (var writer = copy.Open())
                    reader.CopyTo(writer);
            }
        long before = new FileInfo(path).Length, after = new FileInfo(temporary).Length;
        File.Delete(path);
        File.Move(temporary, path);
        Log.LogMessage(MessageImportance.High, string.Format("{0}: {1:N1} MB, {2:N1} MB before", Path.GetFileName(path), after / 1e6, before / 1e6));
    }
}
