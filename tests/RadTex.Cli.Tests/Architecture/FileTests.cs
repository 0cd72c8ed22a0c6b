using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Models;
using RadTex.Phantoms;
using RadTex.Service;
using RadTex.Studio;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>
/// Files are opened in one place, which refuses what is no regular file, and JSON is read by one policy, which refuses a name given twice.
/// </summary>
public sealed partial class FileTests
{
    private static readonly string[] Openers = ["RegularFile.cs", "GreyImageReader.cs"]; // the second has asked the first

    [Fact]
    public void Files_are_opened_through_one_class_only()
    {
        var library = Path.Combine(SharedData.ProjectRoot, "src");
        foreach (var file in Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(library, file);
            if (relative.Split('/') is [_, "bin" or "obj" or "Native", ..] or ["RadTex.Cli", ..] || Openers.Contains(Path.GetFileName(file)))
                continue;
            Opening().Matches(File.ReadAllText(file)).Select(m => m.Value).ShouldBeEmpty(relative);
        }
    }

    [Fact]
    public void No_JSON_is_read_that_gives_a_name_twice()
    {
        Assembly[] libraries =
        [
            typeof(UserErrorException).Assembly, typeof(PhantomOptions).Assembly, typeof(RadTexModel).Assembly, typeof(Protocol).Assembly,
            typeof(Workplace).Assembly, typeof(RadiographService).Assembly,
        ];
        foreach (var field in libraries.SelectMany(a => a.GetTypes()).Where(t => !t.ContainsGenericParameters)
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(f => f.FieldType == typeof(JsonSerializerOptions)))
            ((JsonSerializerOptions)field.GetValue(null)!).AllowDuplicateProperties.ShouldBeFalse($"{field.DeclaringType}.{field.Name}");
    }

    [GeneratedRegex(@"(?<![\w.])(System\.IO\.)?File\.(OpenRead|OpenText|OpenHandle|ReadAllBytes|ReadAllText|ReadAllLines|ReadLines)\(")]
    private static partial Regex Opening();
}
