using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Containers;

public sealed class WaitTests : EngineTest
{
    [Test]
    public async Task Gives_the_exit_code_when_the_container_ends()
    {
        var container = await RunDetachedAsync(Image, "sh", "-c", "sleep 0.5; exit 6");

        Assert.That(await Docker.OutputAsync("wait", container), Is.EqualTo("6"));
    }

    [Test]
    public async Task Answers_at_once_for_a_container_that_does_not_run()
    {
        var container = NewName();
        await Docker.RunAsync("run", "--name", container, Image, "sh", "-c", "exit 2");

        Assert.That(await WaitAsync(container, "not-running"), Is.EqualTo(2));
    }

    [Test]
    public async Task Next_exit_waits_for_the_coming_end_of_an_ended_container()
    {
        var container = NewName();
        await Docker.RunAsync("run", "--name", container, Image, "sh", "-c", "[ -e /seen ] && exit 4; touch /seen; exit 2");
        using var response = await Engine.Http.SendAsync(Request(container, "next-exit"), HttpCompletionOption.ResponseHeadersRead);

        await Docker.OutputAsync("start", container);

        Assert.That(await StatusCodeAsync(response), Is.EqualTo(4));
    }

    [Test]
    public async Task Removed_waits_until_the_container_is_gone()
    {
        var container = await RunIdleAsync();
        using var response = await Engine.Http.SendAsync(Request(container, "removed"), HttpCompletionOption.ResponseHeadersRead);

        await Docker.OutputAsync("rm", "-f", container);

        Assert.That(await StatusCodeAsync(response), Is.EqualTo(137).Or.Zero);
        Assert.That(await Docker.OutputAsync("ps", "-aq", "--filter", $"name={container}"), Is.Empty);
    }

    [Test]
    public async Task Sends_its_headers_before_the_end()
    {
        var container = await RunIdleAsync();

        using var response = await Engine.Http.SendAsync(Request(container, "not-running"), HttpCompletionOption.ResponseHeadersRead);

        Assert.That(await StatusAsync(container), Is.EqualTo("running"));
    }

    [Test]
    public async Task Refuses_an_unknown_condition()
    {
        var container = await RunIdleAsync();

        using var response = await Engine.Http.SendAsync(Request(container, "bored"));

        Assert.That((int)response.StatusCode, Is.EqualTo(400));
    }

    private static HttpRequestMessage Request(string container, string condition) =>
        new(HttpMethod.Post, $"v1.43/containers/{container}/wait?condition={condition}");

    private static async Task<int> WaitAsync(string container, string condition)
    {
        using var response = await Engine.Http.SendAsync(Request(container, condition));
        return await StatusCodeAsync(response);
    }

    private static async Task<int> StatusCodeAsync(HttpResponseMessage response) =>
        (int)(await response.Content.ReadFromJsonAsync<JsonObject>())!["StatusCode"]!;
}
