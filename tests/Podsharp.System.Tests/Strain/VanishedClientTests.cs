using System.Text;

namespace Podsharp.System.Tests.Strain;

/// <summary>Clients that close their connection in the middle.</summary>
public sealed class VanishedClientTests : StrainTest
{
    private const int Clients = 100;

    [TestCase("POST", "attach?stream=1&stdout=1&stderr=1", true)]
    [TestCase("POST", "attach?stream=1&stdin=1&logs=1", true)]
    [TestCase("POST", "wait", false)]
    [TestCase("POST", "wait?condition=removed", false)]
    [TestCase("GET", "logs?stdout=1&follow=1", false)]
    [TestCase("GET", "stats", false)]
    [TestCase("GET", "archive?path=/bin", false)]
    [TestCase("GET", "export", false)]
    public async Task Nothing_is_kept_for_them(string method, string what, bool upgrade)
    {
        await Service.Docker.OutputAsync("create", "--name", "waiting", "--network", "none", Image, "sleep", "1000");
        await VanishAsync(1, $"{method} /v1.43/containers/waiting/{what}", upgrade);
        var before = await DescriptorsAsync(int.MaxValue);

        await VanishAsync(Clients, $"{method} /v1.43/containers/waiting/{what}", upgrade);

        Assert.That(await DescriptorsAsync(before + (Clients / 4)), Is.LessThan(before + (Clients / 4)), "connections are kept open");
        await AssertServesOthersAsync();
        await Service.Docker.OutputAsync("start", "waiting");
        await Service.Docker.OutputAsync("rm", "-f", "waiting");
    }

    [Test]
    public async Task Nothing_is_kept_for_followers_of_events()
    {
        var before = await DescriptorsAsync(int.MaxValue);

        await VanishAsync(Clients, "GET /v1.43/events?since=1", upgrade: false);

        Assert.That(await DescriptorsAsync(before + (Clients / 4)), Is.LessThan(before + (Clients / 4)), "connections are kept open");
    }

    [TestCase("PUT /v1.43/containers/whole/archive?path=/tmp")]
    [TestCase("POST /v1.43/images/load")]
    [TestCase("POST /v1.43/images/create?fromSrc=-&repo=half")]
    [TestCase("POST /v1.43/containers/create?name=half")]
    public async Task A_half_body_leaves_nothing_half_made(string line)
    {
        await Service.Docker.OutputAsync("create", "--name", "whole", "--network", "none", Image, "true");
        var before = await DescriptorsAsync(int.MaxValue);
        var head = $"{line} HTTP/1.1\r\nHost: engine\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n";

        for (var i = 0; i < Clients; i++)
        {
            using var client = await RawClient.SendAsync(Service, head);
            await client.SendAsync(Encoding.ASCII.GetBytes("{\"Image\":\"" + new string('x', 100_000)));
        }

        Assert.That(await DescriptorsAsync(before + (Clients / 4)), Is.LessThan(before + (Clients / 4)), "connections are kept open");
        Assert.That(await Service.Docker.LinesAsync("ps", "-a", "--format", "{{.Names}}"), Is.EqualTo(new[] { "whole" }));
        Assert.That(await Service.Docker.LinesAsync("images", "-q"), Has.Length.EqualTo(1));
        await Service.Docker.OutputAsync("start", "whole");
    }

    private async Task VanishAsync(int count, string line, bool upgrade)
    {
        for (var i = 0; i < count; i++)
        {
            using var client = await RawClient.AskAsync(Service, line, upgrade);
            Assert.That(await client.ReadHeadAsync(), Is.EqualTo(upgrade ? 101 : 200));
        }
    }

    private Task<int> DescriptorsAsync(int enough) =>
        Eventually.SettleAsync(() => KernelTraces.DescriptorsOf(Service.Pid), now => now < enough);
}
