using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.System;

public sealed class SystemRoutesTests : EngineTest
{
    [TestCase("_ping")]
    [TestCase("v1.24/_ping")]
    [TestCase("v1.43/_ping")]
    public async Task Ping_answers_with_all_headers(string path)
    {
        using var response = await Engine.Http.GetAsync(path);

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("OK"));
        AssertPingHeaders(response);
    }

    [TestCase("_ping")]
    [TestCase("v1.43/_ping")]
    public async Task Head_of_ping_has_the_headers_and_no_body(string path)
    {
        using var response = await Engine.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
        AssertPingHeaders(response);
    }

    [Test]
    public async Task Version_names_the_interface_and_the_machine()
    {
        var version = (await Engine.Http.GetFromJsonAsync<JsonObject>("version"))!;

        Assert.That(new Version((string)version["ApiVersion"]!), Is.GreaterThanOrEqualTo(new Version(1, 43)));
        Assert.That((string?)version["MinAPIVersion"], Is.EqualTo("1.24"));
        Assert.That((string?)version["Os"], Is.EqualTo("linux"));
        Assert.That((string?)version["Arch"], Is.EqualTo("amd64").Or.EqualTo("arm64"));
    }

    [Test]
    public async Task Info_tells_of_store_cgroups_and_containers()
    {
        await RunIdleAsync();

        var info = (await Engine.Http.GetFromJsonAsync<JsonObject>("info"))!;

        Assert.That((int)info["ContainersRunning"]!, Is.Positive);
        Assert.That((int)info["Images"]!, Is.Positive);
        Assert.That((string?)info["Driver"], Does.StartWith("overlay"));
        Assert.That((string?)info["CgroupVersion"], Is.EqualTo(File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "2" : "1"));
        Assert.That((int)info["NCPU"]!, Is.EqualTo(Environment.ProcessorCount));
        Assert.That((long)info["MemTotal"]!, Is.GreaterThan(1L << 28));
    }

    [Test]
    public async Task Libpod_routes_answer()
    {
        OnlyPodsharp();

        using var ping = await Engine.Http.GetAsync("libpod/_ping");
        var version = (await Engine.Http.GetFromJsonAsync<JsonObject>("v5.0.0/libpod/version"))!;
        var info = (await Engine.Http.GetFromJsonAsync<JsonObject>("v5.0.0/libpod/info"))!;

        Assert.That(ping.Headers.GetValues("Libpod-API-Version").Single(), Does.StartWith("5."));
        Assert.That(version["Version"], Is.Not.Null);
        Assert.That(info["host"], Is.Not.Null);
        Assert.That(info["store"], Is.Not.Null);
    }

    private static void AssertPingHeaders(HttpResponseMessage response)
    {
        Assert.That(new Version(response.Headers.GetValues("Api-Version").Single()), Is.GreaterThanOrEqualTo(new Version(1, 43)));
        Assert.That(response.Headers.GetValues("Ostype").Single(), Is.EqualTo("linux"));
        Assert.That(response.Headers.Contains("Docker-Experimental"));
        Assert.That(response.Headers.Contains("Builder-Version"));
        Assert.That(response.Headers.CacheControl!.ToString(), Does.Contain("no-cache").And.Contain("no-store").And.Contain("must-revalidate"));
        Assert.That(response.Headers.Pragma.ToString(), Is.EqualTo("no-cache"));
        Assert.That(response.Headers.Server.ToString(), Is.Not.Empty);
    }
}
