using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Podsharp.Benchmarks;

/// <summary>Debian's docker-registry on a free port of localhost, in plain HTTP, without a log. Its data goes with it.</summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    private readonly string _directory = $"/var/tmp/podsharp-benchmark-registry-{Environment.ProcessId}";
    private readonly HttpClient _http;
    private readonly RunningCommand _process;

    private LoopbackRegistry(int port, RunningCommand process)
    {
        _process = process;
        Host = $"localhost:{port}";
        _http = new HttpClient { BaseAddress = new Uri($"http://{Host}/v2/") };
    }

    public static bool IsInstalled => File.Exists("/usr/bin/docker-registry");

    /// <summary>Host and port as image names have them.</summary>
    public string Host { get; }

    public static async Task<LoopbackRegistry> StartAsync()
    {
        var port = FreePort();
        var directory = Directory.CreateDirectory($"/var/tmp/podsharp-benchmark-registry-{Environment.ProcessId}").FullName;
        var configuration = Path.Join(directory, "config.yml");
        await File.WriteAllTextAsync(configuration, $"""
            version: 0.1
            log:
              level: error
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {directory}/data
            http:
              addr: "127.0.0.1:{port}"
            """);
        var registry = new LoopbackRegistry(port, new Command("docker-registry", "serve", configuration).Start());
        await Eventually.SettleAsync(registry.AnswersAsync, static answers => answers);
        return registry;
    }

    /// <summary>Has the image under its name and number from now on.</summary>
    public async Task AddAsync(SampleImage image)
    {
        foreach (var layer in image.Layers) await AddBlobAsync(layer.Gzip);
        await AddBlobAsync(image.Config);
        using var manifest = new ByteArrayContent(image.Manifest);
        manifest.Headers.ContentType = new MediaTypeHeaderValue(SampleImage.ManifestType);
        using var answer = await _http.PutAsync($"{SampleImage.Repository}/manifests/{image.Tag}", manifest);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AddBlobAsync(byte[] content)
    {
        using var begun = await _http.PostAsync($"{SampleImage.Repository}/blobs/uploads/", null);
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await _http.PutAsync($"{begun.EnsureSuccessStatusCode().Headers.Location}&digest={SampleImage.DigestOf(content)}", body);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
