using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using RadTex.Service.Spool;

namespace RadTex.Service.Tests;

/// <summary>Requests whose bodies come in pieces: what the time limit and the drain do to them.</summary>
public sealed class HalfSentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_that_stays_half_sent_is_408_and_nothing_of_it_stays()
    {
        await using var service = await SmallService.StartAsync(
            s => s.Settings with { Limits = new() { FreeMegabytes = 0, RequestSeconds = 1, AnswerSeconds = 0 } });
        byte[] body = Radiographs.Bytes(0);
        using var connection = await ConnectAsync(service, "application/dicom", body.Length);
        await connection.GetStream().WriteAsync(body.AsMemory(0, body.Length / 2), Cancellation);
        (await ReadAsync(connection)).ShouldStartWith("HTTP/1.1 408 ");
        await SmallService.UntilAsync(() => Directory.GetFiles(Path.Combine(service.Settings.Spool, "incoming")).Length == 0);
        service.Queue.Find(Radiographs.Uid(0)).ShouldBeNull();
        service.Log.ShouldContain("408");
        // The same, whole, is taken by the same service.
        using var whole = await service.PostAsync(body);
        ((int)whole.StatusCode).ShouldBeOneOf(200, 202);
    }

    [Fact]
    public async Task While_it_drains_what_was_taken_is_answered_and_more_is_refused_with_503()
    {
        await using var service = await SmallService.StartAsync();
        byte[] first = Part(Radiographs.Bytes(0)), second = [.. Part(Radiographs.Bytes(1)), .. "--b--\r\n"u8];
        using var connection = await ConnectAsync(service, "multipart/form-data; boundary=b", first.Length + second.Length);
        var stream = connection.GetStream();
        // The first part ends where the second's boundary begins.
        await stream.WriteAsync(first, Cancellation);
        await stream.WriteAsync(second.AsMemory(0, 10), Cancellation);
        await SmallService.UntilAsync(() => service.Queue.Find(Radiographs.Uid(0)) is not null);
        var end = service.StopAsync();
        await SmallService.UntilAsync(() => service.Log.Contains("draining", StringComparison.Ordinal));
        await stream.WriteAsync(second.AsMemory(10), Cancellation);
        var response = await ReadAsync(connection);
        await end;
        response.ShouldStartWith("HTTP/1.1 200 ");
        var predictions = JsonNode.Parse(response[response.IndexOf('{')..(response.LastIndexOf('}') + 1)])!["predictions"]!;
        predictions[0]!["findings"]!.AsArray().Count.ShouldBe(2);
        ((int)predictions[1]!["status"]!, (string?)predictions[1]!["refused"]).ShouldBe((503, "draining"));
        using var spool = ServiceSpool.Beside(service.Settings.Spool);
        spool.Queue.Find(Radiographs.Uid(1)).ShouldBeNull();
        spool.Queue.Find(Radiographs.Uid(0))!.Answer.ShouldNotBeNull();
    }

    private static byte[] Part(byte[] file) => [.. "--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n"u8, .. file, .. "\r\n"u8];

    private static async Task<TcpClient> ConnectAsync(SmallService service, string type, int length)
    {
        var address = service.Running.Address;
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancellation);
        var head = FormattableString.Invariant(
            $"POST /v1/predictions HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "Connection: close\r\n\r\n"), Cancellation);
        return client;
    }

    private static async Task<string> ReadAsync(TcpClient client)
    {
        using var text = new MemoryStream();
        await client.GetStream().CopyToAsync(text, Cancellation);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
