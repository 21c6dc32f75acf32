using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Strain;

/// <summary>Thousands of requests of the worst kind, over the bare socket.</summary>
public sealed class HostileRequestTests : StrainTest
{
    private static readonly JsonObject Document = JsonNode.Parse(
        File.ReadAllText(Path.Join(TestContext.CurrentContext.TestDirectory, "api-spec", "docker.json")))!.AsObject();

    [TestCase(1)]
    [TestCase(2)]
    public async Task Each_is_answered_without_a_failure_of_ours_and_nothing_half_made_stays(int seed)
    {
        var requests = new HostileRequests(Document, seed, "victim", Image);
        var service = Service.Pid;
        var clock = Stopwatch.StartNew();
        for (var number = 0; clock.Elapsed < TimeSpan.FromSeconds(6); number++)
        {
            if (number % 200 == 0) await Service.Docker.RunAsync("create", "--name", "victim", "--network", "none", Image, "sleep", "1000");
            var (line, body) = requests.Next();
            await AssertAnsweredAsync($"seed {seed}, request {number}: {line}\n{Encoding.UTF8.GetString(body)}", line, body);
        }

        await AssertServesOthersAsync();
        Assert.That(Service.Pid, Is.EqualTo(service), "it is the same service");
        Assert.That(Service.Log, Does.Not.Contain("   at Podsharp"), $"seed {seed}");
        await AssertNothingStaysAsync();
    }

    private async Task AssertAnsweredAsync(string what, string line, byte[] body)
    {
        using var client = await RawClient.SendAsync(
            Service, $"{line} HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        await client.SendAsync(body);
        string reply;
        try
        {
            reply = await client.ReadStartAsync(64 << 10);
        }
        catch (OperationCanceledException)
        {
            reply = "no answer in time";
        }

        Assert.That(reply, Does.StartWith("HTTP/1.1 "), what);
        Assert.That(reply, Does.Not.StartWith("HTTP/1.1 500"), what);
        Assert.That(reply, Does.Not.Contain("   at Podsharp").And.Not.Contain("System."), what);
    }

    /// <summary>All that was made can be taken away again, and that is all there is.</summary>
    private async Task AssertNothingStaysAsync()
    {
        var containers = await Service.ContainersEverAsync();
        if (await Service.Docker.LinesAsync("ps", "-aq") is { Length: > 0 } made) await Service.Docker.OutputAsync(["rm", "-f", "-v", .. made]);
        if (await Service.Docker.LinesAsync("volume", "ls", "-q") is { Length: > 0 } volumes) await Service.Docker.OutputAsync(["volume", "rm", .. volumes]);
        await Service.Docker.OutputAsync("network", "prune", "-f");
        var leftovers = await Eventually.SettleAsync(() => Service.LeftoversAsync(containers), found => found.Count == 0);
        Assert.That(leftovers, Is.Empty);
        if (!(await Service.Docker.LinesAsync("images", "--format", "{{.Repository}}:{{.Tag}}")).Contains(Image)) await Service.LoadImageAsync();
    }
}
