using System.Text.Json.Nodes;
using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Tests.Data;

public sealed class DatasetVerifierTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public DatasetVerifierTests() => path = TinyDataset.Write(folder.File("tiny"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Good_dataset_verifies() => Verify().Count.ShouldBe(12);

    [Fact]
    public void Files_are_hashed_under_one_bar_that_fills()
    {
        var told = new List<ProgressReport>();
        DatasetVerifier.Verify(path, new Told(told), TestContext.Current.CancellationToken);
        told.Select(r => (r.Stage, r.Total)).Distinct().ShouldHaveSingleItem().Stage.ShouldBe("hashing");
        told[^1].ShouldSatisfyAllConditions(r => r.Done.ShouldBe(r.Total), r => r.Total.ShouldBeGreaterThan(0));
    }

    private sealed class Told(List<ProgressReport> reports) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => reports.Add(value);
    }

    [Theory]
    [InlineData("pixels.npy")]
    [InlineData("rejects.csv")]
    public void One_changed_byte_is_named(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(path, name));
        bytes[^2] ^= 1;
        File.WriteAllBytes(Path.Combine(path, name), bytes);

        Message().ShouldContain($"SHA-256 of {name}");
    }

    [Fact]
    public void Patient_in_two_splits_is_found_even_where_every_hash_is_right() =>
        MessageAfterRewriting(row => row.Index == 1 ? row with { Split = Split.Test } : row).ShouldContain("1 patients are in more than one split");

    [Fact]
    public void Image_id_that_occurs_twice_is_found() =>
        MessageAfterRewriting(row => row.Index == 1 ? row with { ImageId = "image0" } : row).ShouldContain("image id occurs twice");

    [Fact]
    public void Label_that_is_not_finite_is_found() =>
        MessageAfterRewriting(row => row.Index == 2 ? row with { Labels = [double.NaN, 1] } : row).ShouldContain("row 2 has a label");

    [Fact]
    public void Label_counts_that_differ_from_the_rows_are_found() =>
        MessageAfterRewriting(row => row.Index == 2 ? row with { Labels = [null, null] } : row).ShouldContain("counts of the labels");

    [Fact]
    public void Text_counts_that_differ_from_the_rows_are_found() =>
        MessageAfterRewriting(row => row.Index == 2 ? row with { Text = null } : row).ShouldContain("counts of text");

    [Fact]
    public void Hash_that_does_not_follow_from_the_files_is_found()
    {
        Edit(manifest => manifest["hash"] = new string('0', 64));

        Message().ShouldContain("dataset hash");
    }

    [Fact]
    public void File_that_leads_out_of_the_folder_is_refused()
    {
        Edit(manifest => manifest["files"]!["../secret.txt"] = new JsonObject { ["bytes"] = 1, ["sha256"] = new string('0', 64) });

        Message().ShouldContain("'../secret.txt', which is no part of a dataset");
    }

    [Fact]
    public void Name_given_twice_in_the_manifest_is_an_error()
    {
        var file = Path.Combine(path, DatasetFiles.Manifest);
        File.WriteAllText(file, "{ \"count\": 1," + File.ReadAllText(file).TrimStart()[1..]);

        Message().ShouldContain("count");
    }

    private DatasetManifest Verify() => DatasetVerifier.Verify(path, cancellation: TestContext.Current.CancellationToken);

    private string Message() => Should.Throw<UserErrorException>(() => Verify()).Message;

    /// <summary>Changes rows and makes every hash and length right again, as a forger would.</summary>
    private string MessageAfterRewriting(Func<PreparedRadiograph, PreparedRadiograph> change)
    {
        using (var dataset = PreparedDataset.Open(path))
        {
            var rows = dataset.Radiographs.Select(change).ToArray();
            StudiesTable.Write(Path.Combine(path, DatasetFiles.Studies), rows, rows.Select(r => r.Text), dataset.LabelNames);
        }
        var files = DatasetFiles.Required.ToDictionary(name => name, name => DatasetFiles.Describe(Path.Combine(path, name)));
        Edit(manifest =>
        {
            foreach (var (name, file) in files) manifest["files"]![name] = new JsonObject { ["bytes"] = file.Bytes, ["sha256"] = file.Sha256 };
            manifest["hash"] = DatasetFiles.CombinedHash(files);
        });
        return Message();
    }

    private void Edit(Action<JsonObject> edit)
    {
        var file = Path.Combine(path, DatasetFiles.Manifest);
        var manifest = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        edit(manifest);
        File.WriteAllText(file, manifest.ToJsonString());
    }
}
