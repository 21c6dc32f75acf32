using System.Net;
using Microsoft.Extensions.Logging;
using Podsharp.Registry.Certificates;
using Podsharp.Registry.Distribution;
using Polly;
using Polly.Retry;

namespace Podsharp.Registry.Transport;

/// <summary>Asks again where the reason may pass: lost connections, 429 and most of 5xx; with growing pauses, or those that the registry wants.</summary>
internal sealed partial class Retries
{
    private static readonly ResiliencePropertyKey<string> WhoKey = new("who");
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly Patience _patience;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    public Retries(Patience patience, TimeProvider clock, ILogger logger)
    {
        (_patience, _clock, _logger) = (patience, clock, logger);
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Math.Max(1, patience.Retries),
                ShouldHandle = arguments => ValueTask.FromResult(arguments.AttemptNumber < patience.Retries && MayPass(arguments.Outcome, arguments.AttemptNumber)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    (arguments.Outcome.Result is { } answer ? RetryAfterOf(answer) : null) ?? patience.PauseBefore(arguments.AttemptNumber)),
                OnRetry = arguments =>
                {
                    arguments.Context.Properties.TryGetValue(WhoKey, out var who);
                    Log.AskingAgain(_logger, who ?? "", arguments.RetryDelay, ReasonOf(arguments.Outcome));
                    return default;
                },
            })
            .Build();
    }

    /// <summary>The first answer that is no failure that may pass, or the last of those. Lost connections end as EngineException.</summary>
    /// <param name="who">The host, for logs and messages.</param>
    public async Task<HttpResponseMessage> RunAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> sendAsync, string who, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(WhoKey, who);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, send) => await send(context.CancellationToken), context, sendAsync);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw RegistryFailures.Unreachable(who, failure);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || ((int)status >= 500 && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported));

    private bool MayPass(Outcome<HttpResponseMessage> outcome, int attempt) => outcome switch
    {
        { Result: { } answer } => MayPass(answer.StatusCode) && !(RetryAfterOf(answer) > _patience.LongestRetryAfter),
        { Exception: { } refusal } when TlsAlert.AboutOurCertificate(refusal) is not null => false,
        { Exception: IOException } => true,
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } refused } =>
            attempt < _patience.RefusedRetries || refused.InnerException is not System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused },
        { Exception: HttpRequestException failure } => failure.HttpRequestError
            is HttpRequestError.ResponseEnded or HttpRequestError.Unknown or HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse,
        _ => false,
    };

    private TimeSpan? RetryAfterOf(HttpResponseMessage answer)
    {
        var wanted = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            // Our clock may be wrong; the registry's own, where it tells it, is the one that it reckons by.
            { Date: { } date } => date - (answer.Headers.Date ?? _clock.GetUtcNow()),
            _ => (TimeSpan?)null,
        };
        return wanted < TimeSpan.Zero ? TimeSpan.Zero : wanted;
    }

    private static string ReasonOf(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } answer ? $"status {(int)answer.StatusCode}" : outcome.Exception?.Message ?? "";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Asking {Who} again in {Delay}: {Reason}")]
        public static partial void AskingAgain(ILogger logger, string who, TimeSpan delay, string reason);
    }
}
