using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Models;
using RadTex.Phantoms;
using RadTex.Service;
using RadTex.Studio;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>The library names settings and steps; flags and commands are the front end's words.</summary>
public sealed partial class MessageTests
{
    // The options of another program; a style sheet's variables.
    private static readonly string[] OfOthers = ["exec \"$0\" --raw", "var(--"];

    // Rules of Markdown's tables and of TeX.
    private static readonly string[] Dashes = ["---", "--"];

    public static TheoryData<string> Libraries =>
    [
        typeof(UserErrorException).Assembly.Location, typeof(PhantomOptions).Assembly.Location, typeof(RadTexModel).Assembly.Location,
        typeof(Protocol).Assembly.Location, typeof(Workplace).Assembly.Location,
        typeof(RadiographService).Assembly.Location,
    ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_names_no_flag_and_no_command(string path)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        Literals(assembly.MainModule).Where(l => Flag().IsMatch(l) && !Dashes.Contains(l) && !OfOthers.Any(l.Contains)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Literals(ModuleDefinition module) =>
        module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)
            .Where(i => i.OpCode == OpCodes.Ldstr).Select(i => (string)i.Operand)
            .Concat(module.GetTypes().SelectMany(t => t.Fields).Select(f => f.Constant).OfType<string>());

    [GeneratedRegex("--[a-zA-Z]|(?<![a-zA-Z])--$|'radtex |^radtex [a-z]+ ")]
    private static partial Regex Flag();
}
