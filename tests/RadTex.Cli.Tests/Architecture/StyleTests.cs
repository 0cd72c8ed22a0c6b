using System.Reflection;
using System.Runtime.CompilerServices;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Models;
using RadTex.Phantoms;
using RadTex.Studio;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>
/// The numbers of the style: lines, files and parameter lists that a reader takes in. What is over them is listed here, and the lists only shrink.
/// </summary>
public sealed class StyleTests
{
    private const int LongestLine = 150, LongestFile = 300, LongestParameterList = 7;

    // Files over the longest, with their lines; fewer are welcome.
    private static readonly Dictionary<string, int> LongFiles = new()
    {
        ["src/RadTex.Phantoms/FindingsWriter.cs"] = 358,
        ["src/RadTex.Learning/Kernels/ChannelNorm.cs"] = 304,
    };

    // Methods with more parameters, by their number; records of data are no methods.
    private static readonly Dictionary<string, int> LongParameterLists = new()
    {
        ["BinaryEvaluation.Of"] = 8,
        ["Bootstrap.PairedOverTrials"] = 8,
        ["CaptionBatch.new"] = 8,
        ["ChannelNorm.AddUp"] = 9,
        ["ChannelNorm.Normalise"] = 9,
        ["ChannelNorm.Return"] = 10,
        ["PreparedDatasetWriter.Add"] = 10,
    };

    [Fact]
    public void No_line_of_code_is_longer_than_a_screen_is_wide()
    {
        var lines = Sources("src").Concat(Sources("tests"))
            .SelectMany(file => Code(file.Path).Select(line => (file.Name, line.Number, line.Text.Length))).ToArray();
        var longest = lines.MaxBy(l => l.Length);
        TestContext.Current.SendDiagnosticMessage($"longest line: {longest.Length} columns, {longest.Name} line {longest.Number}");
        lines.Where(l => l.Length > LongestLine).Select(l => $"{l.Name} line {l.Number}: {l.Length}").ShouldBeEmpty();
    }

    [Fact]
    public void No_file_is_longer_than_a_reader_holds()
    {
        var files = Sources("src").Select(file => (file.Name, Lines: File.ReadLines(file.Path).Count())).ToArray();
        TestContext.Current.SendDiagnosticMessage($"longest file: {files.MaxBy(f => f.Lines)}");
        files.Where(f => f.Lines > LongFiles.GetValueOrDefault(f.Name, LongestFile)).Select(f => $"{f.Name}: {f.Lines}").ShouldBeEmpty();
        LongFiles.Keys.Where(name => files.All(f => f.Name != name || f.Lines <= LongestFile)).ShouldBeEmpty("take it off the list");
    }

    [Fact]
    public void No_parameter_list_is_longer_than_a_caller_remembers()
    {
        Assembly[] assemblies =
        [
            typeof(UserErrorException).Assembly, typeof(PhantomOptions).Assembly, typeof(RadTexModel).Assembly, typeof(Protocol).Assembly,
            typeof(RadTexCommand).Assembly, typeof(Workplace).Assembly,
        ];
        var lists = assemblies.SelectMany(a => a.GetTypes()).Where(t => !IsGenerated(t)).SelectMany(Methods)
            .GroupBy(m => m.Name).Select(g => (Name: g.Key, Parameters: g.Max(m => m.Parameters))).ToArray();
        TestContext.Current.SendDiagnosticMessage($"longest parameter list: {lists.MaxBy(l => l.Parameters)}");
        lists.Where(l => l.Parameters > LongParameterLists.GetValueOrDefault(l.Name, LongestParameterList)).OrderBy(l => l.Name)
            .Select(l => $"[\"{l.Name}\"] = {l.Parameters},").ShouldBeEmpty();
        LongParameterLists.Keys.Where(name => lists.All(l => l.Name != name || l.Parameters <= LongestParameterList))
            .ShouldBeEmpty("take it off the list");
    }

    private static IEnumerable<(string Name, int Parameters)> Methods(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        bool isRecord = type.GetMethod("<Clone>$") is not null
            || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
        foreach (var method in type.GetMethods(all).Where(m => !IsGenerated(m) && m.Name is not "Deconstruct" && !m.Name.Contains('<')))
            yield return ($"{type.Name}.{method.Name}", method.GetParameters().Length);
        if (isRecord) yield break;
        foreach (var constructor in type.GetConstructors(all)) yield return ($"{type.Name}.new", constructor.GetParameters().Length);
    }

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || (member.DeclaringType is { } outer && IsGenerated(outer)) || member.Name.Contains('<');

    private static IEnumerable<(string Name, string Path)> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(SharedData.ProjectRoot, folder), "*.cs", SearchOption.AllDirectories)
        .Where(p => !p.Contains("/obj/", StringComparison.Ordinal) && !p.Contains("/bin/", StringComparison.Ordinal))
        .Select(p => (Path.GetRelativePath(SharedData.ProjectRoot, p).Replace('\\', '/'), p));

    // Lines outside raw strings, which hold other languages.
    private static IEnumerable<(int Number, string Text)> Code(string path)
    {
        bool isRaw = false;
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            int marks = (line.Length - line.Replace("\"\"\"", "", StringComparison.Ordinal).Length) / 3;
            if (!isRaw && marks == 0) yield return (index + 1, line);
            if (marks % 2 == 1) isRaw = !isRaw;
        }
    }
}
