using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;

namespace RadTex.Consumer.Tests;

/// <summary>An archive as another assembly adds one: a file, with nothing of the product's internals.</summary>
public sealed class ToyArchive(string root, string view) : StudySource
{
    public static Archive Archive { get; } = new(
        "toy", "A toy archive.", "The folder with toy.txt and its pictures.", (root, values) => new ToyArchive(root, values["view"]!))
    {
        Options = [new("view", "The view of every picture.", Default: "PA", Choices: ["AP", "PA"])],
        Marks = [new("toy.txt", "a toy archive")],
    };

    public override string Name => Archive.Name;

    public override string Root { get; } = root;

    public override bool TextsAreReports => false;

    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation) =>
        new(["odd"], List(), new SourceFolder(Root), [Path.Combine(Root, "toy.txt")]) { NoSplitReason = "the toy archive has no split" };

    private IEnumerable<Radiograph> List() => File.ReadLines(Path.Combine(Root, "toy.txt")).Skip(1).Select(
        (name, i) => new Radiograph(name, $"patient {i}", $"study {i}", view, name, null, null, null, [i % 2], "toy.txt", i + 2));
}
