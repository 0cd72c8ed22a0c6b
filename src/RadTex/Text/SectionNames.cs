using System.Collections.Frozen;

namespace RadTex.Text;

/// <summary>
/// One name for the many headers radiologists write. The rules, in order: a known header or misspelling; a header that contains
/// a main section's name; a header that names a view of the chest, which stands above findings.
/// </summary>
/// <remarks>Behaviour of the section parser published with MIMIC-CXR (txt/section_parser.py), with its one slip kept:
/// "NDICATION" counts as impression there.</remarks>
internal static class SectionNames
{
    private static readonly FrozenDictionary<string, string> Known = Build(
        ("impression", ["impression", "conclusion", "findings and impression", "findings/impression", "findings/ impression",
            "impresson", "imprression", "imoression", "impressoin", "imprssion", "impresion", "imperssion", "mpression", "impession",
            "ndication"]),
        ("findings", ["findings", "finding", "chest, two views", "reference findings",
            "findins", "findindgs", "findgings", "findngs", "findnings", "finidngs"]),
        ("indication", ["indication", "reason for examination", "reason for exam", "clinical indication", "idication"]),
        ("history", ["history", "clinical history", "clinical information", "patient history", "pfi"]),
        ("comparison", ["comparison", "comparisons", "reference exam", "comparison exam", "comparison film",
            "comparision", "comparsion", "comparrison", "comparisions"]),
        ("examination", ["examination", "exam", "type of examination"]),
        ("recommendations", ["recommendations", "recommendation", "recommendation(s)"]),
        ("technique", ["technique"]),
        ("notification", ["notification"]),
        ("addendum", ["addendum"]),
        ("wet read", ["wet read", "wetread"]),
        ("date", ["date"]),
        ("comment", ["comment"]));

    /// <summary>The first of these that a header contains names it.</summary>
    private static readonly string[] Main = ["impression", "findings", "history", "comparison", "addendum"];

    /// <summary>A header that names a view or a projection stands above the findings.</summary>
    private static readonly string[] Views =
    [
        "chest", "portable", "pa and lat", "lateral and pa", "ap and lateral", "lateral and ap", "frontal and", "two views",
        "frontal view", "pa view", "ap view", "one view", "lateral view", "bone window", "frontal upright", "frontal semi-upright",
        "ribs",
    ];

    /// <summary>The name of the section under <paramref name="header"/>; the header itself in lower case where no rule knows it.</summary>
    internal static string Normalize(string header)
    {
        var name = header.Trim().ToLowerInvariant();
        if (Known.TryGetValue(name, out var known)) return known;
        if (Array.Find(Main, name.Contains) is { } main) return main;
        return Array.Exists(Views, name.Contains) ? "findings" : name;
    }

    private static FrozenDictionary<string, string> Build(params (string Name, string[] Headers)[] groups) =>
        groups.SelectMany(g => g.Headers, (g, header) => (header, g.Name)).ToFrozenDictionary(p => p.header, p => p.Name);
}
