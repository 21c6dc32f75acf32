using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Tests.Fakes;

/// <summary>A web server on loopback that answers as a test says, and notes what it was asked.</summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = [];

    private FakeRegistry(WebApplication server) => _server = server;

    public ConcurrentQueue<FakeCall> Calls { get; } = [];

    public Uri Address { get; private set; } = null!;

    public string Host => Address.Authority;

    /// <summary>Of what it was asked with this method and path, in order; without the look whether it speaks TLS.</summary>
    public IReadOnlyList<FakeCall> CallsOf(string methodAndPath) => [.. Calls.Where(call => $"{call.Method} {call.Path}" == methodAndPath)];

    public RegistryEndpoint Endpoint(string repository) => new(Host, repository) { Insecure = Address.Scheme == "http" };

    public static async Task<FakeRegistry> StartAsync(X509Certificate2? certificate = null, bool wantClientCertificate = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is null) return;
            listen.UseHttps(certificate, https =>
            {
                if (!wantClientCertificate) return;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        var registry = new FakeRegistry(builder.Build());
        registry._server.Run(registry.AnswerAsync);
        await registry._server.StartAsync();
        var address = registry._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        registry.Address = new Uri(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        return registry;
    }

    /// <summary>Answers a path, with its query where it has one.</summary>
    public void On(string methodAndPath, Func<HttpContext, Task> answer) => _answers[methodAndPath] = answer;

    public void On(string methodAndPath, int status, string body = "", string? contentType = null, params (string Name, string Value)[] headers) =>
        On(methodAndPath, async context =>
        {
            context.Response.StatusCode = status;
            foreach (var (name, value) in headers) context.Response.Headers[name] = value;
            if (contentType is not null) context.Response.ContentType = contentType;
            await context.Response.WriteAsync(body);
        });

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var call = new FakeCall(request.Method, request.Path.Value!, request.QueryString.Value ?? "", request.Headers.Authorization.ToString(), request.Headers.Range.ToString(), request.Protocol);
        Calls.Enqueue(call);
        var answer = _answers.GetValueOrDefault($"{call.Method} {call.Path}{call.Query}") ?? _answers.GetValueOrDefault($"{call.Method} {call.Path}");
        if (answer is not null) await answer(context);
        else context.Response.StatusCode = call.Path == "/v2/" ? 200 : 404;
    }
}

internal sealed record FakeCall(string Method, string Path, string Query, string Authorization, string Range, string Protocol);
