using System.Net;
using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Images;

/// <summary>Registries that lie, break off, send elsewhere or want a pause, with the docker client.</summary>
[CancelAfter(180_000)]
public sealed class UnreliableRegistryTests : ServiceTest
{
    private PodsharpService _service = null!;
    private DockerRegistry _registry = null!;
    private Func<HttpListenerContext, Task<bool>> _answer = static _ => Task.FromResult(false);
    private RegistryFront _front = null!;

    private string Name => $"{_front.Host}/x:1";

    [SetUp]
    public async Task PushAsync()
    {
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
        _answer = static _ => Task.FromResult(false);
        _service = await StartWithImageAsync(new ServiceSetup { OwnNetwork = false });
        _registry = await DockerRegistry.StartAsync(_service, port: RegistryFront.FreePort());
        _front = RegistryFront.Start(_registry.Host, context => _answer(context));
        var name = $"{_registry.Host}/x:1";
        await _service.Docker.OutputAsync("tag", Image, name);
        await _service.Docker.OutputAsync("push", name);
        await _service.Docker.OutputAsync("rmi", "-f", name, Image);
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_front is not null) await _front.DisposeAsync();
        if (_registry is not null) await _registry.DisposeAsync();
    }

    [Test]
    public async Task A_layer_with_other_bytes_fails_the_pull_in_the_stream_and_nothing_is_kept()
    {
        _answer = OnBlob(async context =>
        {
            context.Response.ContentLength64 = await LayerSizeAsync();
            await context.Response.OutputStream.WriteAsync(new byte[context.Response.ContentLength64]);
        });

        var result = await _service.Docker.RunAsync("pull", Name);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("1: Pulling from x").And.Contain("Pulling fs layer"));
        Assert.That(result.Error, Is.Not.Empty);
        await AssertNothingIsKeptAsync();
    }

    [TestCase(-1)]
    [TestCase(1)]
    public async Task A_layer_of_another_length_than_the_manifest_says_is_refused(int difference)
    {
        _answer = OnBlob(async context =>
        {
            context.Response.ContentLength64 = await LayerSizeAsync() + difference;
            await context.Response.OutputStream.WriteAsync(new byte[context.Response.ContentLength64]);
        });

        var result = await _service.Docker.RunAsync("pull", Name);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("bytes"));
        await AssertNothingIsKeptAsync();
    }

    [Test]
    public async Task A_manifest_of_another_digest_than_asked_for_is_refused()
    {
        _answer = async context =>
        {
            if (!context.Request.Url!.AbsolutePath.Contains("/manifests/")) return false;
            context.Response.ContentType = "application/vnd.oci.image.manifest.v1+json";
            await context.Response.OutputStream.WriteAsync("""{"schemaVersion":2,"config":{},"layers":[]}"""u8.ToArray());
            return true;
        };
        var digest = "sha256:" + new string('a', 64);

        var result = await _service.Docker.RunAsync("pull", $"{_front.Host}/x@{digest}");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("digest").And.Contain(digest));
    }

    [Test]
    public async Task A_manifest_of_schema_1_is_refused_with_a_word_about_it()
    {
        _answer = async context =>
        {
            if (!context.Request.Url!.AbsolutePath.Contains("/manifests/")) return false;
            context.Response.ContentType = "application/vnd.docker.distribution.manifest.v1+prettyjws";
            await context.Response.OutputStream.WriteAsync("""{"schemaVersion":1,"name":"x","tag":"1","fsLayers":[],"history":[]}"""u8.ToArray());
            return true;
        };

        var result = await _service.Docker.RunAsync("pull", Name);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("schema 1").IgnoreCase.Or.Contain("schema version 1").IgnoreCase);
    }

    [Test]
    public async Task A_registry_that_wants_a_pause_is_given_one()
    {
        var refused = 0;
        _answer = context =>
        {
            if (!context.Request.Url!.AbsolutePath.Contains("/manifests/") || refused++ > 0) return Task.FromResult(false);
            context.Response.StatusCode = 429;
            context.Response.Headers["Retry-After"] = "2";
            return Task.FromResult(true);
        };
        var clock = global::System.Diagnostics.Stopwatch.StartNew();

        await _service.Docker.OutputAsync("pull", Name);

        Assert.That(refused, Is.GreaterThan(1));
        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task A_layer_from_another_host_is_fetched_without_the_credentials()
    {
        await using var elsewhere = RegistryFront.Start(_registry.Host, static _ => Task.FromResult(false));
        _answer = context =>
        {
            if (context.Request.Headers["Authorization"] is null)
            {
                context.Response.StatusCode = 401;
                context.Response.Headers["WWW-Authenticate"] = "Basic realm=\"test\"";
            }
            else if (context.Request.Url!.AbsolutePath.Contains("/blobs/"))
            {
                context.Response.StatusCode = 307;
                context.Response.Headers["Location"] = $"http://{elsewhere.Host}{context.Request.Url.PathAndQuery}";
            }
            else
            {
                return Task.FromResult(false);
            }

            return Task.FromResult(true);
        };
        await _service.Docker.Command("login", "-u", "me", "--password-stdin", _front.Host).WithInput("secret").OutputAsync();

        await _service.Docker.OutputAsync("pull", Name);
        await _service.Docker.OutputAsync("logout", _front.Host);

        Assert.That(elsewhere.Calls.Select(call => call.Call), Has.Some.Contains("/blobs/"));
        Assert.That(elsewhere.Calls.Select(call => call.Authorization), Is.All.Empty);
    }

    [Test]
    public async Task A_layer_that_breaks_off_goes_on_where_it_was()
    {
        var ranges = new List<string>();
        _answer = OnBlob(async context =>
        {
            var size = await LayerSizeAsync();
            ranges.Add(context.Request.Headers["Range"] ?? "");
            if (ranges.Count > 1) return false;
            var content = await LayerAsync();
            context.Response.ContentLength64 = size;
            await context.Response.OutputStream.WriteAsync(content.AsMemory(0, (int)size / 2));
            await context.Response.OutputStream.FlushAsync();
            context.Response.Abort();
            return true;
        });

        await _service.Docker.OutputAsync("pull", Name);

        Assert.That(ranges, Has.Count.EqualTo(2));
        Assert.That(ranges[1], Does.StartWith("bytes="));
    }

    [Test]
    public async Task A_client_that_goes_away_takes_its_pull_with_it_and_a_later_one_succeeds()
    {
        using var reached = new SemaphoreSlim(0);
        using var gone = new CancellationTokenSource();
        _answer = OnBlob(async context =>
        {
            if (gone.IsCancellationRequested) return false;
            context.Response.ContentLength64 = await LayerSizeAsync();
            await context.Response.OutputStream.WriteAsync((await LayerAsync()).AsMemory(0, 1000));
            await context.Response.OutputStream.FlushAsync();
            reached.Release();
            await Task.Delay(Timeout.Infinite, gone.Token).ContinueWith(static _ => { });
            return true;
        });

        await using (var pull = _service.Docker.Start("pull", Name))
        {
            await reached.WaitAsync(TimeSpan.FromSeconds(60));
            await new Command("kill", "-KILL", pull.Pid.ToString()).OutputAsync();
            await pull.WaitAsync();
        }

        await AssertNothingIsKeptAsync();
        await gone.CancelAsync();
        await _service.Docker.OutputAsync("pull", Name);
        Assert.That(await _service.Docker.OutputAsync("run", "--rm", "--network", "none", Name, "echo", "whole"), Is.EqualTo("whole"));
    }

    [Test]
    public async Task A_push_whose_source_breaks_off_compresses_the_layer_anew()
    {
        await _service.Docker.OutputAsync("pull", Name);
        await _service.Docker.OutputAsync("create", "--name", "user", "--network", "none", Name);
        var target = await DockerRegistry.StartAsync(_service, port: RegistryFront.FreePort());
        await using var disposed = target;
        await _service.Docker.OutputAsync("tag", Name, $"{target.Host}/x:1");
        await _service.Docker.OutputAsync("image", "prune", "-af");
        _answer = OnBlob(async context =>
        {
            if (context.Request.HttpMethod == "HEAD") return false;
            context.Response.ContentLength64 = await LayerSizeAsync();
            await context.Response.OutputStream.WriteAsync(new byte[await LayerSizeAsync()]);
            return true;
        });

        var pushed = await _service.Docker.OutputAsync("push", $"{target.Host}/x:1");
        await _service.Docker.OutputAsync("rm", "user");

        Assert.That(pushed, Does.Contain($"Fetching again from {_front.Host}/x").And.Contain("Compressing anew").And.Contain("1: digest: sha256:"));
        Assert.That(await target.GetAsync("/v2/_catalog"), Does.Contain("\"x\""));
    }

    private Func<HttpListenerContext, Task<bool>> OnBlob(Func<HttpListenerContext, Task> answer) => OnBlob(async context =>
    {
        await answer(context);
        return true;
    });

    /// <summary>Answers what is asked of the layer.</summary>
    private Func<HttpListenerContext, Task<bool>> OnBlob(Func<HttpListenerContext, Task<bool>> answer) => async context =>
        context.Request.Url!.AbsolutePath.EndsWith($"/blobs/{(await LayerNodeAsync())["digest"]}", StringComparison.Ordinal) && await answer(context);

    private async Task<long> LayerSizeAsync() => (long)(await LayerNodeAsync())["size"]!;

    private async Task<byte[]> LayerAsync()
    {
        using var http = new HttpClient();
        return await http.GetByteArrayAsync($"http://{_registry.Host}/v2/x/blobs/{(await LayerNodeAsync())["digest"]}");
    }

    private async Task<global::System.Text.Json.Nodes.JsonNode> LayerNodeAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/vnd.docker.distribution.manifest.v2+json");
        return global::System.Text.Json.Nodes.JsonNode.Parse(await http.GetStringAsync($"http://{_registry.Host}/v2/x/manifests/1"))!["layers"]![0]!;
    }

    private async Task AssertNothingIsKeptAsync()
    {
        Assert.That(await _service.Docker.LinesAsync("images", "-aq"), Is.Empty);
        Assert.That(
            await Eventually.SettleAsync(() => Task.FromResult(Directory.GetFileSystemEntries(Path.Join(_service.Root, "tmp"))), left => left.Length == 0), Is.Empty);
    }
}
