namespace Podsharp.System.Tests.Strain;

/// <summary>Clients that take their time over a request.</summary>
public sealed class SlowSenderTests : StrainTest
{
    [Test]
    public async Task Half_heads_and_half_bodies_hold_nobody_up()
    {
        await Service.Docker.OutputAsync("create", "--name", "down", "--network", "none", Image, "true");
        var before = KernelTraces.ResidentMemoryOf(Service.Pid);
        var half = new string('x', 1000);
        for (var i = 0; i < 100; i++)
        {
            await SendAsync($"GET /v1.43/containers/json HTTP/1.1\r\nHost: engine\r\nX-Slow: {half}");
            await SendAsync($"POST /v1.43/containers/create HTTP/1.1\r\nHost: engine\r\nContent-Length: 8000000\r\n\r\n{{\"Image\":\"{half}");
            await SendAsync($"POST /v1.43/images/load HTTP/1.1\r\nHost: engine\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n{half}");
        }

        await AssertServesOthersAsync();
        await Service.Docker.OutputAsync("start", "-a", "down");
        await AssertMemoryAsync(before, 250 * Megabyte);
    }

    [Test]
    public async Task A_body_of_JSON_that_does_not_come_is_given_up()
    {
        var client = await SendAsync("POST /v1.43/containers/create HTTP/1.1\r\nHost: engine\r\nContent-Length: 8000000\r\n\r\n{\"Image\":\"");

        Assert.That(await client.ReadHeadAsync(), Is.EqualTo(408));
    }
}
