using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Distribution;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Tests.Fakes;

/// <summary>What tests of the client share: one fake registry, one client with short patience, and a log.</summary>
public abstract class RegistryTest
{
    private protected const string Manifest = """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[]}""";

    private protected Scratch Scratch { get; private set; } = null!;

    private protected FakeRegistry Registry { get; private set; } = null!;

    private protected SteppingClock Clock { get; private set; } = null!;

    private protected RegistryClient Client { get; private set; } = null!;

    private protected StringBuilder Logged { get; } = new();

    private protected virtual Patience Patience => new() { Retries = 3 };

    private protected virtual ProxyVariables Proxy => ProxyVariables.None;

    private protected virtual Task<FakeRegistry> StartAsync() => FakeRegistry.StartAsync();

    [SetUp]
    public async Task SetUpAsync()
    {
        Logged.Clear();
        Scratch = new Scratch();
        Clock = new SteppingClock();
        Registry = await StartAsync();
        Client = new RegistryClient(new RegistryOptions { Places = Scratch.Places, Patience = Patience, Proxy = Proxy }, Clock, new Log(Logged));
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        Client.Dispose();
        await Registry.DisposeAsync();
        Scratch.Dispose();
    }

    private protected IRemoteRepository Open(string repository = "a", RegistryCredentials? credentials = null, RepositoryAccess access = RepositoryAccess.Pull) =>
        Client.Open(Registry.Endpoint(repository), credentials, access);

    private protected static BlobDescriptor BlobOf(byte[] content) => new(Digest.FromHash(SHA256.HashData(content)), content.Length);

    private protected static byte[] Bytes(int count) => RandomNumberGenerator.GetBytes(count);

    private protected static ManifestSelector Latest => ManifestSelector.ByTag("latest");

    private protected static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        await using (stream)
        {
            var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            return copy.ToArray();
        }
    }

    private protected static NUnit.Framework.Constraints.IResolveConstraint Fails(ErrorKind kind, string part = "", string cause = "") =>
        Throws.TypeOf<EngineException>().With.Property(nameof(EngineException.Kind)).EqualTo(kind).And.Message.Contains(part).And.Property(nameof(EngineException.Cause)).Contains(cause);

    private sealed class Log(StringBuilder lines) : ILogger<RegistryClient>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.AppendLine(formatter(state, exception) + exception);
        }
    }
}
