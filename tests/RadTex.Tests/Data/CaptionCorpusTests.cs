using RadTex.Data;

namespace RadTex.Tests.Data;

public sealed class CaptionCorpusTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Dataset_gives_the_texts_of_its_training_split_only()
    {
        // Patients 0 and 3 are in training: images 0, 1, 6 and 7, of which image 0 has no text.
        CaptionCorpus.Read(TinyDataset.Write(folder.File("set"))).ShouldBe(["Finding number 1.", "Finding number 6.", "Finding number 7."]);
    }

    [Fact]
    public void Studies_numbered_within_each_patient_are_not_taken_for_one()
    {
        var set = NumberedStudies.Write(folder.File("set"), 6);

        CaptionCorpus.Read(set).ShouldBe(Enumerable.Repeat(NumberedStudies.Text, 3)); // one a training patient, though all are study 1
    }

    [Fact]
    public void Dataset_without_training_text_is_an_error_that_says_so() =>
        Should.Throw<UserErrorException>(() => CaptionCorpus.Read(TinyDataset.Write(folder.File("set"), count: 1)).ToList()).Message
            .ShouldContain("training split");

    [Fact]
    public void Folder_that_is_no_dataset_is_an_error() =>
        Should.Throw<UserErrorException>(() => CaptionCorpus.Read(folder.Path).ToList()).Message.ShouldContain("no prepared dataset");

    [Fact]
    public void Text_file_and_table_are_read_as_such()
    {
        File.WriteAllText(folder.File("a.txt"), "one\ntwo\n");
        File.WriteAllText(folder.File("a.csv"), "id,note\n1,three\n");
        CaptionCorpus.Read(folder.File("a.txt")).ShouldBe(["one", "two"]);
        CaptionCorpus.Read(folder.File("a.csv"), "note").ShouldBe(["three"]);
    }
}
