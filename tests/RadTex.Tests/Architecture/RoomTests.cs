using NetArchTest.Rules;

namespace RadTex.Tests.Architecture;

/// <summary>The import rules of docs/architecture.md: a room knows only the rooms before it.</summary>
public sealed class RoomTests
{
    private static readonly string[] Rooms =
    [
        "Studies", "Imaging", "Text", "Metrics", "Phantoms", "Data", "Gating", "Kernels", "Models", "Checkpoints", "Distributed", "Training", "Transfer", "Onnx", "Prediction", "Reporting", "Reading", "Experiments",
    ];

    public static TheoryData<string> AllRooms => [.. Rooms];

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void A_room_imports_only_from_rooms_before_it(string room)
    {
        string[] later = [.. Rooms.SkipWhile(r => r != room).Skip(1).Select(r => $"RadTex.{r}")];
        if (later.Length == 0) return;
        var result = Types.InAssembly(typeof(UserErrorException).Assembly)
            .That().ResideInNamespace($"RadTex.{room}")
            .ShouldNot().HaveDependencyOnAny(later).GetResult();
        (result.FailingTypeNames ?? []).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Studies")]
    [InlineData("Imaging")]
    [InlineData("Text")]
    [InlineData("Metrics")]
    [InlineData("Phantoms")]
    [InlineData("Gating")]
    public void A_room_of_plain_data_knows_no_tensor_library(string room)
    {
        var result = Types.InAssembly(typeof(UserErrorException).Assembly)
            .That().ResideInNamespace($"RadTex.{room}")
            .ShouldNot().HaveDependencyOn("TorchSharp").GetResult();
        (result.FailingTypeNames ?? []).ShouldBeEmpty();
    }

    [Fact]
    public void Models_know_no_file()
    {
        var result = Types.InAssembly(typeof(UserErrorException).Assembly)
            .That().ResideInNamespace("RadTex.Models")
            .ShouldNot().HaveDependencyOnAny("System.IO.File", "System.IO.FileStream", "System.IO.Path", "System.IO.Directory").GetResult();
        (result.FailingTypeNames ?? []).ShouldBeEmpty();
    }

    [Fact]
    public void Every_folder_of_the_library_is_a_room_and_its_namespace()
    {
        var library = Path.Combine(SharedData.ProjectRoot, "src", "RadTex");
        foreach (var folder in Directory.GetDirectories(library).Select(Path.GetFileName).Where(f => f is not ("bin" or "obj" or "Native")))
            Rooms.ShouldContain(folder!);
        foreach (var file in Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(library, Path.GetDirectoryName(file)!);
            if (relative.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj") continue;
            var expected = relative == "." ? "namespace RadTex;" : $"namespace RadTex.{relative.Replace(Path.DirectorySeparatorChar, '.')};";
            File.ReadLines(file).ShouldContain(expected, file);
        }
    }
}
