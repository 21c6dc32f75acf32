using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Credentials;

/// <summary>Runs credential helpers with this service's environment, for they look for what the user has put there.</summary>
public sealed class CredentialHelpers : ICredentialHelpers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<CredentialHelperReply> GetAsync(string program, string input, CancellationToken cancellationToken)
    {
        if (program.Contains('/', StringComparison.Ordinal) || ExecutablePath.Find(program, [.. OwnPath()]) is not { } path)
            throw EngineException.Internal($"the credential helper {program} is named in a configuration but is not installed");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var result = await ProcessRunner.RunAsync(
                new Command(path, "get") { Environment = [.. OwnEnvironment()] }, Encoding.UTF8.GetBytes(input), limit.Token);
            return new CredentialHelperReply(result.ExitCode, result.OutputText);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw EngineException.Internal($"the credential helper {program} did not answer within {Patience.TotalSeconds} seconds");
        }
        catch (SystemCallException failure)
        {
            throw EngineException.Internal($"the credential helper {program} cannot be run: {failure.Message}", failure);
        }
    }

    // Helpers come with other tools, and lie where these do.
    private static IEnumerable<string> OwnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(static directory => directory.StartsWith('/'));

    private static IEnumerable<string> OwnEnvironment()
    {
        foreach (var name in new[] { "PATH", "HOME", "USER", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME", "PASSWORD_STORE_DIR" })
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) yield return $"{name}={value}";
        }
    }
}
