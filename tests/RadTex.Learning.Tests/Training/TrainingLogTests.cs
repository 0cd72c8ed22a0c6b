using RadTex.Learning.Training;

namespace RadTex.Learning.Tests.Training;

public sealed class TrainingLogTests
{
    [Fact]
    public void Resumed_log_drops_later_lines_and_an_unfinished_one()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("log.jsonl");
        using (var log = new TrainingLog(path, folder.File("tb/events")))
        {
            log.Start(0);
            for (int step = 1; step <= 5; step++) log.Write("train", step, step / 10.0, step, [("loss", 6.0 - step)]);
        }
        File.AppendAllText(path, "{\"kind\":\"train\",\"st");
        TrainingLog.Read(path).Count.ShouldBe(5);
        using (var log = new TrainingLog(path, folder.File("tb/events")))
        {
            log.Start(3);
            log.Write("train", 4, 0.4, 9, [("loss", 1.5)]);
        }
        TrainingLog.Read(path).Select(line => (line.Step, line.Values["loss"])).ShouldBe([(1, 5.0), (2, 4.0), (3, 3.0), (4, 1.5)]);
        File.ReadAllLines(path).Length.ShouldBe(4);
    }

    [Fact]
    public void Missing_log_is_a_users_error() =>
        Should.Throw<UserErrorException>(() => TrainingLog.Read("/nowhere/log.jsonl")).Message.ShouldContain("/nowhere/log.jsonl");
}
