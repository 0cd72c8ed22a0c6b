using RadTex.Files;

namespace RadTex.Studies.Archives;

/// <summary>
/// A public archive, or a form of one's own such as a table: everything the product knows of it. Subcommands, a reproduction's sources, checks
/// for leaks and the folders into which nothing is written follow from it.
/// </summary>
/// <param name="Name">As commands and configurations have it, such as <c>nih-cxr14</c>.</param>
/// <param name="Title">What it is, in a sentence.</param>
/// <param name="RootHelp">What its folder (or its table) holds.</param>
/// <param name="Make">Opens it: the folder or table, and a value (or null) of every one of <see cref="Options"/> by name.</param>
public sealed record Archive(
    string Name, string Title, string RootHelp, Func<string, IReadOnlyDictionary<string, string?>, StudySource> Make)
{
    /// <summary>What stands for its folder or table in help.</summary>
    public string RootName { get; init; } = "ROOT";

    /// <summary>Whether it is opened by a table and not by a folder.</summary>
    public bool IsTable { get; init; }

    /// <summary>The options that are its own.</summary>
    public IReadOnlyList<ArchiveOption> Options { get; init; } = [];

    /// <summary>
    /// Whose patients its ids are: archives of one family share theirs, so that an id in two of them is one person. Null where it is not known,
    /// as for tables of one's own: such ids are compared with all.
    /// </summary>
    public string? Family { get; init; } = Name;

    /// <summary>Files that tell its folder from any other, as its publisher names them.</summary>
    public IReadOnlyList<FolderKind.Mark> Marks { get; init; } = [];

    /// <summary>Opens it.</summary>
    /// <param name="root">Its folder or table.</param>
    /// <param name="values">Values of its options by name; those not given have their defaults.</param>
    /// <exception cref="UserErrorException">It has no such option, or the option has no such value.</exception>
    public StudySource Open(string root, IReadOnlyDictionary<string, string?>? values = null)
    {
        values ??= new Dictionary<string, string?>();
        if (values.Keys.FirstOrDefault(name => Options.All(o => o.Name != name)) is { } unknown)
            throw new UserErrorException($"{Name} has no option '{unknown}'. Expected {Listed(Options.Select(o => o.Name))}.");
        return Make(root, Options.ToDictionary(o => o.Name, o => o.Check(values.GetValueOrDefault(o.Name) ?? o.Default)));
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "none";
}
