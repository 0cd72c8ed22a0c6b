using Mono.Cecil;
using NetArchTest.Rules;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Models;
using RadTex.Phantoms;
using RadTex.Service;
using RadTex.Studio;
using Assembly = System.Reflection.Assembly;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>The rooms of docs/architecture.md: each names the rooms it is allowed to, and no other.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, Assembly> Assemblies = new()
    {
        ["RadTex"] = typeof(UserErrorException).Assembly,
        ["RadTex.Phantoms"] = typeof(PhantomOptions).Assembly,
        ["RadTex.Learning"] = typeof(RadTexModel).Assembly,
        ["RadTex.Experiments"] = typeof(Protocol).Assembly,
        ["RadTex.Service"] = typeof(RadiographService).Assembly,
        ["RadTex.Studio"] = typeof(Workplace).Assembly,
    };

    public static TheoryData<string> AllRooms => [.. House.Rooms.Select(r => r.Namespace)];

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void A_room_names_the_rooms_it_is_allowed_to_and_no_other(string name)
    {
        var room = House.Rooms.Single(r => r.Namespace == name);
        string[] found = [.. Named(room).Where(r => r != "RadTex" && r != name).Order()];
        found.Except(room.KnownNamespaces).ShouldBeEmpty($"{name} names rooms it is not allowed to");
        room.KnownNamespaces.Except(found).ShouldBeEmpty($"{name} is allowed rooms it does not name: shorten its list");
    }

    [Fact]
    public void The_document_prints_the_rooms_that_the_tests_hold() => GeneratedSection.Require("rooms", House.Table());

    [Fact]
    public void Models_know_no_file()
    {
        var result = Types.InAssembly(Assemblies["RadTex.Learning"])
            .That().ResideInNamespace("RadTex.Learning.Models")
            .ShouldNot().HaveDependencyOnAny("System.IO.File", "System.IO.FileStream", "System.IO.Path", "System.IO.Directory").GetResult();
        (result.FailingTypeNames ?? []).ShouldBeEmpty();
    }

    [Fact]
    public void The_library_without_torch_references_no_tensor_library()
    {
        Assemblies["RadTex"].GetReferencedAssemblies().Select(a => a.Name).ShouldNotContain("TorchSharp");
        Assemblies["RadTex.Phantoms"].GetReferencedAssemblies().Select(a => a.Name).ShouldNotContain("TorchSharp");
        Assemblies["RadTex.Service"].GetReferencedAssemblies().Select(a => a.Name).ShouldNotContain("TorchSharp");
    }

    [Fact]
    public void Every_folder_of_a_project_is_a_room_and_every_namespace_its_folder()
    {
        foreach (var project in Assemblies.Keys)
        {
            var folder = Path.Combine(SharedData.ProjectRoot, "src", project);
            string[] folders = [.. Directory.GetDirectories(folder).Select(f => Path.GetFileName(f)).Where(f => f is not ("bin" or "obj"))];
            folders.ShouldBe(House.Rooms.Where(r => r.Project == project && r.Name.Length > 0).Select(r => r.Name), ignoreOrder: true, project);
            foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!);
                if (relative.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj") continue;
                var expected = relative == "."
                    ? $"namespace {project};"
                    : $"namespace {project}.{relative.Replace(Path.DirectorySeparatorChar, '.')};";
                File.ReadLines(file).ShouldContain(expected, file);
            }
        }
    }

    // The rooms whose types the room's types name, in signatures, bodies, attributes and what they extend.
    private static HashSet<string> Named(Room room)
    {
        using var module = ModuleDefinition.ReadModule(Assemblies[room.Project].Location);
        return [.. module.GetTypes().Where(t => RoomOf(Outermost(t).Namespace) == room.Namespace).SelectMany(References)
            .Select(r => RoomOf(r.Namespace)).OfType<string>()];
    }

    private static string? RoomOf(string space) => House.Rooms
        .Where(r => space == r.Namespace || (r.Name.Length > 0 && space.StartsWith(r.Namespace + ".", StringComparison.Ordinal)))
        .MaxBy(r => r.Namespace.Length)?.Namespace;

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        IEnumerable<TypeReference?> direct =
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.Fields.Select(f => f.FieldType),
            .. type.Properties.Select(p => p.PropertyType),
            .. type.Methods.SelectMany(m => (IEnumerable<TypeReference?>)
            [
                m.ReturnType,
                .. m.Parameters.Select(p => p.ParameterType),
                .. m.HasBody ? m.Body.Variables.Select(v => v.VariableType) : [],
                .. m.HasBody ? m.Body.Instructions.SelectMany(i => Operands(i.Operand)) : [],
            ]),
        ];
        return direct.OfType<TypeReference>().SelectMany(Parts).Select(Outermost);
    }

    private static IEnumerable<TypeReference?> Operands(object? operand) => operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        FunctionPointerType => [],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    private static TypeReference Outermost(TypeReference type)
    {
        while (type is not FunctionPointerType && type.DeclaringType is { } declaring) type = declaring;
        return type;
    }
}
