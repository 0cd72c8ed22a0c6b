using System.Reflection;
using System.Xml.Linq;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Models;
using RadTex.Phantoms;
using RadTex.Service;
using RadTex.Studio;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>What the compiler (CS1591) does not ask of the comments of public members: a summary, and a line for each part of a record.</summary>
public sealed class PublicCommentTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Libraries => [.. Assemblies.Keys];

    private static readonly Dictionary<string, Assembly> Assemblies = new[]
    {
        typeof(UserErrorException), typeof(PhantomOptions), typeof(RadTexModel), typeof(Protocol), typeof(Workplace), typeof(RadiographService),
    }.ToDictionary(t => t.Assembly.GetName().Name!, t => t.Assembly);

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_public_record_tells_each_of_its_parts(string library)
    {
        var comments = Comments(library);
        var missing =
            from type in Assemblies[library].GetExportedTypes()
            where type.GetMethod("PrintMembers", Declared) is not null
            from constructor in type.GetConstructors()
            where constructor.GetParameters() is { Length: > 0 } parts && parts.All(p => type.GetProperty(p.Name!) is not null)
                && type.GetMethod("Deconstruct", Declared)?.GetParameters().Length == parts.Length
            from part in constructor.GetParameters()
            where comments[$"T:{Name(type)}"].All(c => c.Elements("param").All(p => p.Attribute("name")!.Value != part.Name))
            select $"{type.Name}.{part.Name}";
        missing.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_public_method_has_a_summary_beside_its_parameters(string library)
    {
        var bare = Comments(library).SelectMany(c => c).Where(c => c.Element("summary") is null && c.Element("inheritdoc") is null)
            .Select(c => c.Attribute("name")!.Value).ToHashSet();
        var missing =
            from type in Assemblies[library].GetExportedTypes()
            from method in type.GetMembers(Declared).OfType<MethodBase>()
            where method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly
            let start = $"M:{Name(type)}.{(method.IsConstructor ? "#ctor" : method.Name)}"
            where bare.Any(id => IsOf(id, start, method.GetParameters().Length))
            select start;
        missing.ShouldBeEmpty();
    }

    private static ILookup<string, XElement> Comments(string library) =>
        XDocument.Load(Path.ChangeExtension(Assemblies[library].Location, ".xml")).Descendants("member").ToLookup(m => m.Attribute("name")!.Value);

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    // A comment's name is the member's with the types of its parameters, whose own commas stand in braces and brackets.
    private static bool IsOf(string id, string start, int parameters)
    {
        int open = id.IndexOf('(', StringComparison.Ordinal), depth = 0;
        if ((open < 0 ? id : id[..open]).Split("``")[0] != start) return false;
        int count = open < 0 ? 0 : 1;
        foreach (char sign in open < 0 ? "" : id[(open + 1)..^1])
        {
            if (sign is '{' or '[') depth++;
            else if (sign is '}' or ']') depth--;
            else if (sign == ',' && depth == 0) count++;
        }
        return count == parameters;
    }
}
