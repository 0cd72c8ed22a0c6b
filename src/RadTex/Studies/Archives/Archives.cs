using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using RadTex.Files;

namespace RadTex.Studies.Archives;

/// <summary>The archives the product reads. Safe for any number of threads.</summary>
public static class Archives
{
    private static ImmutableList<Archive> all = [];

    static Archives()
    {
        foreach (var archive in (Archive[])
            [
                MimicCxrSource.Archive, MimicCxrJpgSource.Archive, OpenISource.Archive, NihChestXray14Source.Archive, CheXpertSource.Archive,
                PadChestSource.Archive, VinDrCxrSource.Archive, RsnaPneumoniaSource.Archive, TableSource.Archive, FolderSource.Archive,
            ])
            Register(archive);
    }

    /// <summary>All of them, those registered since at the end.</summary>
    public static IReadOnlyList<Archive> All => all;

    /// <summary>Adds an archive, for the life of the process.</summary>
    /// <exception cref="ArgumentException">One of that name is there already.</exception>
    public static void Register(Archive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        if (!ImmutableInterlocked.Update(
            ref all, known => known.Any(a => a.Name == archive.Name) ? known : known.Add(archive)))
            throw new ArgumentException($"An archive named '{archive.Name}' is there already. Choose another name.", nameof(archive));
        FolderKind.AddArchive(archive.Marks);
    }

    /// <summary>The archive of a name; null where there is none.</summary>
    public static Archive? Find(string name) => all.Find(a => a.Name == name);

    /// <summary>
    /// Whose patients the ids of a source are; null where it is not known. A source that nobody registered counts as a family of its own.
    /// </summary>
    public static string? FamilyOf(string source) => Find(source) is { } archive ? archive.Family : source;

    // Output folders are told apart before anything asks for an archive.
#pragma warning disable CA2255 // it registers the assembly's own data and does nothing else
    [ModuleInitializer]
    internal static void Load() => RuntimeHelpers.RunClassConstructor(typeof(Archives).TypeHandle);
#pragma warning restore CA2255
}
