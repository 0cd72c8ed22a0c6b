using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes what is asked of who passes third-party software on: of every NuGet package that has a file among those published, its name, version,
/// copyright and licence, with the licence's text and the package's own notices. A package whose licence cannot be told is an error.
/// </summary>
/// <remarks>Compiled by MSBuild when something is published (Notices.targets), so it keeps to what .NET Standard 2.0 has.</remarks>
public class CollectNotices : Task
{
    /// <summary>The published files; those of packages carry NuGetPackageId.</summary>
    [Required]
    public ITaskItem[] Files { get; set; }

    /// <summary>A folder of NAME.txt, a text for every SPDX name that a package gives without its text.</summary>
    [Required]
    public string Licences { get; set; }

    /// <summary>
    /// Packages that give an address alone, or a choice of licences: Include is the name, Expression what stands there or is chosen.
    /// </summary>
    public ITaskItem[] Known { get; set; } = [];

    /// <summary>What is said first.</summary>
    [Required]
    public string Opening { get; set; }

    /// <summary>The file to write.</summary>
    [Required]
    public string Output { get; set; }

    private readonly Dictionary<string, string> given = new(StringComparer.Ordinal);

    public override bool Execute()
    {
        var folders = Files.Where(file => file.GetMetadata("NuGetPackageId") != "").Select(FolderOf).Where(folder => folder != null)
            .Distinct().OrderBy(folder => folder, StringComparer.OrdinalIgnoreCase).ToList();
        var standard = new SortedSet<string>(StringComparer.Ordinal);
        var packages = new StringBuilder();
        foreach (var folder in folders)
        {
            Append(packages, folder, standard);
        }

        var text = new StringBuilder(File.ReadAllText(Opening)).Append(packages);
        foreach (var name in standard)
        {
            var file = Path.Combine(Licences, name + ".txt");
            if (!File.Exists(file))
            {
                Log.LogError("A package is under {0}, whose text is not kept. Expected: {1}. Put it there.", name, file);
                continue;
            }

            Head(text, "The text of " + name);
            text.Append(File.ReadAllText(file).TrimEnd()).Append("\n\n");
        }

        if (!Log.HasLoggedErrors)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Output));
            File.WriteAllText(Output, text.ToString().Replace("\r\n", "\n"));
        }

        return !Log.HasLoggedErrors;
    }

    private void Append(StringBuilder text, string folder, SortedSet<string> standard)
    {
        var metadata = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root.Elements().First(e => e.Name.LocalName == "metadata");
        string Value(string name) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value.Trim() ?? "";
        var licence = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license");
        var known = Known.FirstOrDefault(item => string.Equals(item.ItemSpec, Value("id"), StringComparison.OrdinalIgnoreCase));
        var expression = known?.GetMetadata("Expression") ?? ((string)licence?.Attribute("type") == "expression" ? licence.Value.Trim() : "");
        var files = Directory.GetFiles(folder).Where(IsNotice).OrderBy(file => file, StringComparer.Ordinal).ToList();
        if (expression == "" && files.Count == 0)
        {
            Log.LogError("{0} {1} names no licence and holds none. See {2}, and add it to KnownLicence in Notices.targets.",
                Value("id"), Value("version"), Value("licenseUrl"));
            return;
        }

        Head(text, Value("id") + " " + Value("version"));
        text.Append("Licence: ").Append(expression == "" ? "the text below" : expression).Append('\n');
        text.Append("Copyright: ").Append(Value("copyright") == "" ? Value("authors") : Value("copyright")).Append('\n');
        text.Append(Value("projectUrl") == "" ? "" : "From: " + Value("projectUrl") + "\n").Append('\n');
        foreach (var file in files)
        {
            // Packages of one origin hold the same words: they are given once.
            var words = File.ReadAllText(file).TrimStart('\uFEFF').Replace("\r\n", "\n").Trim();
            if (given.TryGetValue(words, out var before))
            {
                text.Append(Path.GetFileName(file)).Append(": as of ").Append(before).Append(", above\n\n");
                continue;
            }

            given.Add(words, Value("id"));
            text.Append(words).Append("\n\n");
        }

        // The lesser GPL is the GPL and more.
        foreach (var name in expression.Split([" OR ", " AND "], StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('(', ')', ' ')))
        {
            var kept = name.Replace("-or-later", "").Replace("-only", "");
            if (kept.StartsWith("LGPL-", StringComparison.Ordinal))
            {
                standard.Add(kept.Substring(1));
            }

            standard.Add(kept);
        }
    }

    private static bool IsNotice(string file)
    {
        var name = Path.GetFileName(file).ToLowerInvariant();
        return new[] { "licen", "notice", "copying" }.Any(name.Contains) && Path.GetExtension(name) is "" or ".txt" or ".md";
    }

    // The folder of the package that a file lies in: the nearest above with a .nuspec.
    private static string FolderOf(ITaskItem file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file.ItemSpec));
        while (folder != null && (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.nuspec").Length == 0))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }

    private static void Head(StringBuilder text, string title) =>
        text.Append('\n').Append('=', 100).Append('\n').Append(title).Append('\n').Append('=', 100).Append('\n');
}
