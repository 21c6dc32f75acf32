using System.Text;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.System;

/// <summary>Every refusal is JSON with a message and the right status.</summary>
public sealed class BadRequestTests : EngineTest
{
    [TestCase("GET", "nowhere", 404)]
    [TestCase("GET", "v1.43/nowhere", 404)]
    [TestCase("GET", "v1.43/containers/no-such-container/json", 404)]
    [TestCase("POST", "v1.43/containers/no-such-container/start", 404)]
    [TestCase("POST", "v1.43/containers/no-such-container/wait", 404)]
    [TestCase("DELETE", "v1.43/containers/no-such-container", 404)]
    [TestCase("GET", "v1.43/images/no-such-image/json", 404)]
    [TestCase("POST", "v1.43/exec/no-such-session/start", 404)]
    [TestCase("GET", "v1.43/networks/no-such-network", 404)]
    [TestCase("GET", "v1.43/volumes/no-such-volume", 404)]
    [TestCase("GET", "v1.43/containers/json?filters=nonsense", 400)]
    [TestCase("GET", "v1.43/containers/json?filters={\"status\":[\"bored\"]}", 400)]
    [TestCase("GET", "v1.99/_ping", 400)]
    [TestCase("GET", "v1.5/_ping", 400)]
    public async Task A_bad_request_gets_a_reason(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST" && path.Contains("exec")) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");

        using var response = await Engine.Http.SendAsync(request);

        await AssertRefusedAsync(response, status);
    }

    [TestCase("containers/json?limit=many")]
    [TestCase("events?since=yesterday")]
    public async Task A_bad_value_in_the_query_is_a_bad_request(string path)
    {
        OnlyPodsharp();

        using var response = await Engine.Http.GetAsync("v1.43/" + path, HttpCompletionOption.ResponseHeadersRead);

        await AssertRefusedAsync(response, 400);
    }

    [TestCase("{", 400)]
    [TestCase("[]", 400)]
    [TestCase("{\"Image\": 3}", 400)]
    [TestCase("{}", 400)]
    [TestCase("{\"Image\":\"no-such-image\"}", 404)]
    public async Task A_bad_body_of_create_gets_a_reason(string body, int status)
    {
        using var response = await Engine.Http.PostAsync("v1.43/containers/create", new StringContent(body, Encoding.UTF8, "application/json"));

        await AssertRefusedAsync(response, status);
    }

    [Test]
    public async Task A_wrong_method_gets_a_reason()
    {
        OnlyPodsharp();

        using var response = await Engine.Http.PutAsync("v1.43/containers/json", null);

        await AssertRefusedAsync(response, 405);
    }

    [Test]
    public async Task An_over_long_body_is_refused()
    {
        OnlyPodsharp();

        using var response = await Engine.Http.PostAsync("v1.43/containers/create", new StringContent($"{{\"Image\":\"{new string('x', 40 << 20)}\"}}", Encoding.UTF8, "application/json"));

        await AssertRefusedAsync(response, 413);
    }

    [Test]
    public async Task A_bad_name_is_refused()
    {
        var result = await Docker.RunAsync("create", "--name", "not/a name", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("Invalid container name").IgnoreCase);
    }

    [TestCase("--memory", "1k")]
    [TestCase("--cpus", "100000")]
    [TestCase("--sysctl", "kernel.hostname=x")]
    [TestCase("--cap-drop", "FLYING")]
    [TestCase("--runtime", "no-such-runtime")]
    [TestCase("--log-driver", "no-such-driver")]
    [TestCase("--security-opt", "seccomp=/no/such/profile")]
    public async Task A_field_of_create_that_cannot_be_honoured_is_refused(string option, string value)
    {
        var name = NewName();

        var result = await Docker.RunAsync("run", "--name", name, option, value, Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125).Or.EqualTo(126).Or.EqualTo(127), result.Both);
        Assert.That(result.Error, Is.Not.Empty);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(status), body);
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"), body);
        Assert.That((string?)JsonNode.Parse(body)!["message"], Is.Not.Empty);
    }
}
