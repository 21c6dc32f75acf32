using Microsoft.AspNetCore.Http;
using Podsharp.Core.Errors;
using Podsharp.Wire.Common;

namespace Podsharp.Api.Errors;

/// <summary>The one place that turns a failure into a status.</summary>
internal static class ErrorTable
{
    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidInput => 400,
        ErrorKind.Unauthorized => 401,
        ErrorKind.Forbidden => 403,
        ErrorKind.NotFound => 404,
        ErrorKind.Conflict => 409,
        ErrorKind.TooManyRequests => 429,
        ErrorKind.NotSupported => 501,
        ErrorKind.Unavailable => 503,
        _ => 500,
    };

    /// <summary>The reply for an exception, or null when it is nobody's fault but ours.</summary>
    public static ErrorReply? ReplyFor(Exception exception) => exception switch
    {
        EngineException failure => new ErrorReply(failure.Cause, failure.Message, StatusOf(failure.Kind)),
        BadHttpRequestException bad => new ErrorReply(bad.Message, bad.Message, bad.StatusCode),
        _ => null,
    };

    public static ErrorReply Reply(int status, string message) => new(message, message, status);
}
