using System.Formats.Tar;

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

    [Test]
    public async Task A_half_archive_keeps_its_container_neither_from_starting_nor_from_being_removed()
    {
        await Service.Docker.OutputAsync("create", "--name", "receiver", "--network", "none", Image, "sleep", "1000");
        var client = await SendAsync("PUT /v1.43/containers/receiver/archive?path=/tmp HTTP/1.1\r\nHost: engine\r\nContent-Length: 2000000\r\n\r\n");
        await client.SendAsync(await FirstPartOfTarAsync());

        await Service.Docker.OutputAsync("start", "receiver");
        await Service.Docker.OutputAsync("stop", "-t", "0", "receiver");
        await Service.Docker.OutputAsync("start", "receiver");
        await Service.Docker.OutputAsync("rm", "-f", "receiver");

        Assert.That(await client.ReadHeadAsync(), Is.EqualTo(409));
        Assert.That(await Eventually.SettleAsync(() => Directory.GetDirectories(Path.Join(Service.Root, "containers")), left => left.Length == 0), Is.Empty);
    }

    private static async Task<byte[]> FirstPartOfTarAsync()
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "large") { DataStream = new MemoryStream(new byte[1_900_000]) });
        }

        return tar.ToArray()[..700_000];
    }
}
