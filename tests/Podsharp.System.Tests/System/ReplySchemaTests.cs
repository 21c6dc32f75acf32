using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace Podsharp.System.Tests.System;

/// <summary>Live replies against api-spec/docker.json, which is what SDK generators read.</summary>
public sealed class ReplySchemaTests : EngineTest
{
    private static readonly JsonObject Specification = JsonNode.Parse(
        File.ReadAllText(Path.Join(TestContext.CurrentContext.TestDirectory, "api-spec", "docker.json")))!.AsObject();

    [TestCase("/version", "/version")]
    [TestCase("/info", "/info")]
    [TestCase("/system/df", "/v1.56/system/df?verbose=1")]
    [TestCase("/containers/json", "/containers/json?all=1&size=1")]
    [TestCase("/images/json", "/images/json?all=1")]
    [TestCase("/images/{name}/json", "/images/IMAGE/json")]
    [TestCase("/images/{name}/history", "/images/IMAGE/history")]
    [TestCase("/networks", "/networks")]
    [TestCase("/networks/{name}", "/v1.56/networks/bridge")]
    [TestCase("/volumes", "/volumes")]
    [TestCase("/containers/{id}/json", "/v1.56/containers/CONTAINER/json?size=1")]
    [TestCase("/containers/{id}/top", "/containers/CONTAINER/top")]
    [TestCase("/containers/{id}/json", "/containers/nobody/json")]
    public async Task A_reply_has_the_shape_that_the_document_gives(string path, string address)
    {
        OnlyPodsharp();
        var container = await RunIdleAsync("-v", "/data", "--health-cmd", "true", "-p", "127.0.0.1::80");

        using var reply = await Engine.Http.GetAsync(address.Replace("CONTAINER", container, StringComparison.Ordinal).Replace("IMAGE", Image, StringComparison.Ordinal));

        var text = await reply.Content.ReadAsStringAsync();
        Assert.That(await FaultsAsync(path, "get", (int)reply.StatusCode, text), Is.Empty, text);
    }

    [Test]
    public async Task An_exec_session_has_the_shape_that_the_document_gives()
    {
        OnlyPodsharp();
        var container = await RunIdleAsync();
        using var created = await Engine.Http.PostAsJsonAsync($"containers/{container}/exec", new { Cmd = new[] { "true" } });
        var text = await created.Content.ReadAsStringAsync();

        Assert.That(await FaultsAsync("/containers/{id}/exec", "post", (int)created.StatusCode, text), Is.Empty, text);
        var state = await Engine.Http.GetStringAsync($"exec/{(string)JsonNode.Parse(text)!["Id"]!}/json");
        Assert.That(await FaultsAsync("/exec/{id}/json", "get", 200, state), Is.Empty, state);
    }

    [Test]
    public async Task A_reply_of_another_shape_is_noticed()
    {
        Assert.That(await FaultsAsync("/version", "get", 200, """{"Version":7}"""), Is.Not.Empty);
        Assert.That(await FaultsAsync("/volumes", "get", 200, """{"Volumes":null,"Warnings":null}"""), Is.Not.Empty);
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(string path, string method, int status, string json)
    {
        var schema = Specification["paths"]![path]![method]!["responses"]![$"{status}"]!["content"]!["application/json"]!["schema"]!.DeepClone().AsObject();
        schema["definitions"] = Specification["components"]!["schemas"]!.DeepClone();
        AllowNulls(schema);
        var plain = schema.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        var faults = (await JsonSchema.FromJsonAsync(plain)).Validate(json);
        return [.. faults.Select(fault => fault.ToString())];
    }

    // OpenAPI 3.0 says nullable where JSON Schema has a type of its own.
    private static void AllowNulls(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var element in list) AllowNulls(element);
        }

        if (node is not JsonObject schema) return;
        foreach (var (_, member) in schema.ToList()) AllowNulls(member);
        if (!schema.Remove("nullable")) return;
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
            return;
        }

        var inner = new JsonObject(schema.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        schema.Clear();
        schema["oneOf"] = new JsonArray(new JsonObject { ["type"] = "null" }, inner);
    }
}
