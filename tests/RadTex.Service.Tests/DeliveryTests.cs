using RadTex.Service.Judging;
using RadTex.Service.Sending;

namespace RadTex.Service.Tests;

/// <summary>When a delivery is tried again, and what is told of one that failed.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(50, 600)]
    public void Waits_double_to_a_limit(int failed, int seconds) => new Settings.DeliverySettings().Wait(failed).TotalSeconds.ShouldBe(seconds);

    [Theory]
    [InlineData(typeof(HttpRequestException), "it cannot be reached")]
    [InlineData(typeof(TaskCanceledException), "it does not answer in time")]
    public void Faults_of_a_connection_are_told_in_our_own_words(Type fault, string words) =>
        Destinations.Word((Exception)Activator.CreateInstance(fault)!).ShouldBe(words);

    [Fact]
    public void An_answer_is_read_back_to_the_bit()
    {
        var answer = new Answer("1.2.3", DateTimeOffset.UnixEpoch)
        {
            Findings = [new("Edema", "positive", 0.1f + 0.2f, 0.25, "positive")],
            Distance = 0.1,
        };
        var again = Answer.Parse(answer.ToJson());
        again.ToJson().ShouldBe(answer.ToJson());
        BitConverter.SingleToUInt32Bits(again.Findings[0].Probability).ShouldBe(BitConverter.SingleToUInt32Bits(0.1f + 0.2f));
    }
}
