using RadTex.Learning.Native;
using RadTex.Learning.Transfer;

namespace RadTex.Learning.Tests.Native;

public sealed class SharedProcessorsTests
{
    [Fact]
    public void Jobs_of_two_rows_hold_no_more_processors_than_there_are()
    {
        using var processors = new SharedProcessors(2);
        int holding = 0, most = 0, done = 0;
        void Job(int _, CancellationToken stop)
        {
            int now = Interlocked.Increment(ref holding);
            for (int seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
            Thread.Yield();
            Interlocked.Decrement(ref holding);
            Interlocked.Increment(ref done);
        }
        int[] jobs = [.. Enumerable.Range(0, 40)];
        WorkerThreads.Run<int>([0, 1], 2, (_, stop) => WorkerThreads.Run(jobs, 3, Job, stop, processors), TestContext.Current.CancellationToken);
        done.ShouldBe(80);
        most.ShouldBeInRange(1, 2);
    }

    [Fact]
    public void Processor_is_given_to_who_waits_longest_and_waiting_can_be_cancelled()
    {
        using var processors = new SharedProcessors(1);
        var held = processors.Take(TestContext.Current.CancellationToken);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() => processors.Take(cancelled.Token));
        var order = new List<int>();
        using var taken = new CountdownEvent(2);
        void Wait(int number)
        {
            using var own = processors.Take(CancellationToken.None);
            lock (order) order.Add(number);
            taken.Signal();
        }
        var first = new Thread(() => Wait(1)) { IsBackground = true };
        first.Start();
        WaitUntilBlocked(first);
        var second = new Thread(() => Wait(2)) { IsBackground = true };
        second.Start();
        WaitUntilBlocked(second);
        held.Dispose();
        taken.Wait(TestContext.Current.CancellationToken);
        order.ShouldBe([1, 2]);
    }

    private static void WaitUntilBlocked(Thread thread)
    {
        while (!thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) Thread.Yield();
    }
}
