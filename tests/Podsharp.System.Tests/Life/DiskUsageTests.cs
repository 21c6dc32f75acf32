using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Life;

public sealed class DiskUsageTests : ServiceTest
{
    [Test]
    public async Task What_df_tells_is_what_the_store_takes()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync(
            "run", "--name", "writer", "--network", "none", "-v", "full:/v", Image, "sh", "-c", "dd if=/dev/urandom of=/own bs=1M count=12; dd if=/dev/urandom of=/v/in bs=1M count=20; seq 200000");
        await service.Docker.OutputAsync("commit", "writer", "child:1");
        await service.Docker.OutputAsync("tag", Image, "child:2");

        var usage = (await service.Http.GetFromJsonAsync<JsonObject>("v1.45/system/df"))!;

        var told = (long)usage["LayersSize"]!
            + usage["Containers"]!.AsArray().Sum(container => (long)container!["SizeRw"]!)
            + usage["Volumes"]!.AsArray().Sum(volume => (long)volume!["UsageData"]!["Size"]!);
        await new Command("sync", "-f", service.Root).RunAsync();
        var taken = long.Parse((await new Command("du", "-s", "--block-size=1", service.Root).OutputAsync()).Split('\t')[0]);
        Assert.That(told, Is.EqualTo(taken).Within(1).Percent);
        var unique = usage["Images"]!.AsArray().Sum(image => (long)image!["Size"]! - (long)image["SharedSize"]!);
        Assert.That(usage["Images"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(unique + (long)usage["Images"]![0]!["SharedSize"]!, Is.EqualTo((long)usage["LayersSize"]!));
        Assert.That((long)usage["Volumes"]![0]!["UsageData"]!["RefCount"]!, Is.EqualTo(1));
        await service.Docker.OutputAsync("rm", "-v", "writer");
    }

    [Test]
    public async Task Compressed_blobs_are_told_as_space_that_can_be_had_back_and_a_prune_gives_it()
    {
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
        var service = await StartWithImageAsync();
        await using var registry = await DockerRegistry.StartAsync(service);
        var name = $"{registry.Host}/kept:1";
        await service.Docker.OutputAsync("tag", Image, name);
        await service.Docker.OutputAsync("push", "-q", name);
        await service.Docker.OutputAsync("rmi", name, Image);
        await service.Docker.OutputAsync("pull", "-q", name);
        await service.Docker.OutputAsync("create", "--name", "user", name, "true");
        var cached = await CachedAsync(service);

        Assert.That(cached, Is.GreaterThan(100_000));
        await service.Docker.OutputAsync("image", "prune", "-af");
        Assert.That(await CachedAsync(service), Is.Zero);
        await service.Docker.OutputAsync("rm", "user");
    }

    /// <summary>What the command line would draw as reclaimable although a container uses the only image.</summary>
    private static async Task<long> CachedAsync(PodsharpService service)
    {
        var usage = (await service.Http.GetFromJsonAsync<JsonObject>("v1.45/system/df"))!;
        await new Command("sync", "-f", service.Root).RunAsync();
        var taken = long.Parse((await new Command("du", "-sc", "--block-size=1", Path.Join(service.Root, "layers"), Path.Join(service.Root, "blobs")).OutputAsync()).Split('\n')[^1].Split('\t')[0]);
        Assert.That((long)usage["LayersSize"]!, Is.EqualTo(taken).Within(1).Percent);
        return (long)usage["LayersSize"]! - usage["Images"]!.AsArray().Sum(image => (long)image!["Size"]! - (long)image["SharedSize"]!);
    }

    [Test]
    public async Task The_command_line_draws_it_in_both_ways_and_kinds_can_be_chosen()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("create", "--name", "idle", Image, "true");

        Assert.That(await service.Docker.LinesAsync("system", "df", "--format", "{{.Type}} {{.TotalCount}} {{.Active}}"), Is.EqualTo(new[]
        {
            "Images 1 1", "Containers 1 0", "Local Volumes 0 0", "Build Cache 0 0",
        }));
        Assert.That(await service.Docker.OutputAsync("system", "df", "-v"), Does.Contain("podsharp-test-busybox").And.Contain("idle"));
        var chosen = (await service.Http.GetFromJsonAsync<JsonObject>("v1.45/system/df?type=volume"))!;
        Assert.That((chosen["Images"], chosen["Containers"], chosen["Volumes"]!.AsArray().Count), Is.EqualTo(((JsonNode?)null, (JsonNode?)null, 0)));
        using var refused = await service.Http.GetAsync("v1.45/system/df?type=nonsense");
        Assert.That((int)refused.StatusCode, Is.EqualTo(400));
        await service.Docker.OutputAsync("rm", "idle");
    }
}
