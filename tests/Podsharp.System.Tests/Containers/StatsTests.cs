using System.Net;
using System.Text.Json;

namespace Podsharp.System.Tests.Containers;

public sealed class StatsTests : EngineTest
{
    [Test]
    public async Task A_busy_container_is_seen_to_be_busy()
    {
        var name = await RunDetachedAsync("--memory", "64m", Image, "sh", "-c", "while :; do :; done");

        var line = await Docker.OutputAsync("stats", "--no-stream", "--format", "{{.Name}} {{.CPUPerc}} {{.MemUsage}} {{.PIDs}} {{.NetIO}}", name);

        var words = line.Split(' ');
        Assert.That(words[0], Is.EqualTo(name));
        Assert.That(double.Parse(words[1].TrimEnd('%')), Is.GreaterThan(0));
        Assert.That(words[4], Is.EqualTo("64MiB"));
        Assert.That(words[5], Is.EqualTo("1"));
    }

    [Test]
    public async Task One_measurement_is_compared_with_nothing()
    {
        var name = await RunIdleAsync("--network", "none");

        var stats = await ReadAsync(name, "stream=false&one-shot=true");

        Assert.That(stats.GetProperty("preread").GetString(), Is.EqualTo("0001-01-01T00:00:00Z"));
        Assert.That(stats.GetProperty("precpu_stats").TryGetProperty("system_cpu_usage", out _), Is.False);
        Assert.That(stats.GetProperty("cpu_stats").GetProperty("system_cpu_usage").GetInt64(), Is.Positive);
        Assert.That(stats.GetProperty("memory_stats").GetProperty("usage").GetInt64(), Is.Positive);
    }

    [Test]
    public async Task A_container_that_does_not_run_uses_nothing()
    {
        var name = NewName();
        await Docker.OutputAsync("create", "--name", name, Image, "true");

        var stats = await ReadAsync(name, "stream=false");

        Assert.That(stats.GetProperty("read").GetString(), Is.EqualTo("0001-01-01T00:00:00Z"));
        Assert.That(stats.GetProperty("memory_stats").EnumerateObject(), Is.Empty);
        Assert.That(stats.GetProperty("blkio_stats").GetProperty("io_service_bytes_recursive").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task A_stream_goes_on_until_the_container_is_removed()
    {
        var name = await RunIdleAsync("--network", "none");
        await using var stream = await Engine.Http.GetStreamAsync($"v1.43/containers/{name}/stats");
        using var reader = new StreamReader(stream);

        var first = await reader.ReadLineAsync();
        var second = await reader.ReadLineAsync();
        await Docker.OutputAsync("rm", "-f", name);
        await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(Member(second!, "preread"), Is.EqualTo(Member(first!, "read")));
    }

    [TestCase("nobody-has-this-name", "", HttpStatusCode.NotFound)]
    public async Task There_must_be_such_a_container(string name, string query, HttpStatusCode status)
    {
        using var reply = await Engine.Http.GetAsync($"v1.43/containers/{name}/stats?{query}");
        Assert.That(reply.StatusCode, Is.EqualTo(status));
    }

    private static async Task<JsonElement> ReadAsync(string name, string query) =>
        JsonDocument.Parse(await Engine.Http.GetStringAsync($"v1.43/containers/{name}/stats?{query}")).RootElement;

    private static string Member(string json, string name) => JsonDocument.Parse(json).RootElement.GetProperty(name).GetString()!;
}
