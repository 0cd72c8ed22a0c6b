using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Tests.Data;

public sealed class ScoreTableTests : IDisposable
{
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("radtex-scores-").FullName, "scores.csv");

    private static PreparedRadiograph[] Radiographs { get; } =
        [.. Enumerable.Range(0, 4).Select(
            i => new PreparedRadiograph(i, $"image{i}", "p", "s", "PA", Split.Train, null, [], $"p/image{i}.png", 0, 1, 1))];

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    [Theory]
    [InlineData("image_id,score\nimage3,0.5\nimage0,-1e2\nimage1,7\nother,9\n")]
    [InlineData("path,Edema,score\np/image3.png,0.5,1\np/image0.png,-100,1\np/image1.png,7,1\n")]
    public void Scores_are_found_by_id_or_path_and_a_missing_one_is_the_median(string text)
    {
        File.WriteAllText(path, text);
        ScoreTable.Read(path, Radiographs, "Edema").ShouldBe([-100, 7, 0.5, 0.5]);
    }

    [Theory]
    [InlineData("image_id,score\nimage0,high\n", "row 2")]
    [InlineData("image_id,other\nimage0,1\n", "score")]
    [InlineData("id,score\nimage0,1\n", "image_id")]
    [InlineData("image_id,score\nimage0,1\n", "1 of 4")]
    public void A_table_that_is_none_is_named(string text, string expected)
    {
        File.WriteAllText(path, text);
        Should.Throw<UserErrorException>(() => ScoreTable.Read(path, Radiographs, "Edema")).Message.ShouldContain(expected);
    }
}
