using Mono.Cecil;
using Mono.Cecil.Cil;
using RadTex.Learning.Models;
using TorchSharp;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>
/// No number is handed to torch that nothing keeps alive (the remarks of <c>Models/Scalars</c> say what happened then). Read from the compiled
/// code: a conversion to <see cref="Scalar"/> whose result is not put into a variable, and calls of what converts so inside TorchSharp.
/// </summary>
public sealed class ScalarsTests
{
    [Fact]
    public void No_number_on_its_way_to_torch_can_be_collected() => Unkept(typeof(RadTexModel).Assembly.Location).ShouldBeEmpty();

    [Fact]
    public void Numbers_that_nothing_keeps_are_found()
    {
        string[] found = [.. Unkept(typeof(ScalarsTests).Assembly.Location)
            .Where(line => line.StartsWith($"{typeof(Careless).FullName!.Replace('+', '/')}::", StringComparison.Ordinal))];
        found.Length.ShouldBe(3);
        found.ShouldContain(line => line.EndsWith("op_Implicit", StringComparison.Ordinal));
        found.ShouldContain(line => line.EndsWith("op_Multiply", StringComparison.Ordinal));
        found.ShouldContain(line => line.EndsWith("add_", StringComparison.Ordinal));
    }

    private static string[] Unkept(string assembly)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(assembly)!);
        using var torch = AssemblyDefinition.ReadAssembly(typeof(Scalar).Assembly.Location, new() { AssemblyResolver = resolver });
        using var module = AssemblyDefinition.ReadAssembly(assembly, new() { AssemblyResolver = resolver });
        var makers = Makers(torch);
        return [.. from method in Methods(module)
                   where !method.DeclaringType.FullName.StartsWith("RadTex.Learning.Models.Scalars", StringComparison.Ordinal) // keeps what it makes
                   from instruction in method.Body.Instructions
                   let callee = instruction.Operand as MethodReference
                   where callee is not null && callee.DeclaringType.Scope.Name == torch.Name.Name
                   where MakesScalar(callee) ? !IsStore(instruction.Next)
                       : makers.Contains(callee.Resolve()?.FullName ?? "")
                   select $"{method.DeclaringType.FullName}::{method.Name}: {callee.Name}"];
    }

    // Into a local variable, or a field: of a class, or of what a lambda captures.
    private static bool IsStore(Instruction instruction) => instruction.OpCode.Name.Split('.')[0] is "stloc" or "stfld" or "stsfld";

    // TorchSharp's methods that make a Scalar, or call one that does, and hand it to native code.
    private static HashSet<string> Makers(AssemblyDefinition torch)
    {
        var methods = Methods(torch).Where(
            method => method.DeclaringType.Name is not nameof(Scalar) and not nameof(ScalarExtensionMethods)).ToArray();
        HashSet<string> makers = [.. methods.Where(method => Called(method).Any(MakesScalar)).Select(method => method.FullName)];
        int before;
        do
        {
            before = makers.Count;
            makers.UnionWith(
                methods.Where(method => Called(method).Any(callee => makers.Contains(callee.FullName))).Select(method => method.FullName));
        }
        while (makers.Count > before);
        return makers;
    }

    private static IEnumerable<MethodReference> Called(MethodDefinition method) =>
        method.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>();

    private static bool MakesScalar(MethodReference callee) =>
        callee.DeclaringType.FullName == typeof(Scalar).FullName && callee.Name is "op_Implicit" or ".ctor"
        || callee.DeclaringType.FullName == typeof(ScalarExtensionMethods).FullName;

    private static IEnumerable<MethodDefinition> Methods(AssemblyDefinition assembly) =>
        assembly.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static class Careless
    {
        internal static torch.Tensor Operator(torch.Tensor tensor) => tensor * 0.5;

        internal static torch.Tensor Argument(torch.Tensor tensor) => tensor.mul_(0.5);

        internal static torch.Tensor Implied(torch.Tensor tensor, Scalar kept) => tensor.add_(kept);

        internal static torch.Tensor Kept(torch.Tensor tensor)
        {
            using Scalar half = 0.5;
            return tensor.mul_(half);
        }
    }
}
