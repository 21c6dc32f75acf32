using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Podsharp.Core.Errors;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

namespace Podsharp.Api.Http;

/// <summary>JSON in and out: every reply ends in a newline and keeps &lt;, &gt;, &amp; as they are.</summary>
internal static class JsonBody
{
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What has come of a body is kept until all has: who sends a byte now and then would have us keep it for ever. (Kestrel answers 408.)
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));

    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class =>
        await ReadOptionalAsync(request, type) ?? throw EngineException.InvalidInput("invalid JSON: the request has no body");

    public static async Task<T?> ReadOptionalAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        if (request.ContentLength > ApiRequest.MaximumJsonBody) throw TooLong();
        if (request.HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } pace) pace.MinDataRate = SlowestBody;

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > ApiRequest.MaximumJsonBody) throw TooLong();
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                return Parse(read.Buffer, type);
            }
            finally
            {
                reader.AdvanceTo(read.Buffer.End);
            }
        }
    }

    public static Task WriteAsync<T>(HttpResponse response, int status, T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        WriteLine(buffer, value, type);
        return WriteAsync(response, status, buffer.WrittenMemory);
    }

    public static async Task WriteAsync(HttpResponse response, int status, ReadOnlyMemory<byte> json)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, response.HttpContext.RequestAborted);
    }

    public static void WriteLine<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> type)
    {
        using (var writer = new Utf8JsonWriter(output, WriterOptions))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        output.Write("\n"u8);
    }

    private static T? Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        if (IsBlank(body)) return null;

        try
        {
            var reader = new Utf8JsonReader(body);
            var value = JsonSerializer.Deserialize(ref reader, type);
            if (!IsBlank(body.Slice(reader.BytesConsumed))) throw EngineException.InvalidInput("invalid JSON: unexpected content after the value");
            return value;
        }
        catch (JsonException failure)
        {
            // The framework's text names .NET types; the path and place are what helps.
            var place = failure.Path is { Length: > 1 } member ? $"wrong type or value at {member[1..].TrimStart('.')}" : "it cannot be parsed";
            throw new EngineException(
                ErrorKind.InvalidInput, $"invalid JSON: {place} (byte {failure.BytePositionInLine} of line {failure.LineNumber + 1})", "invalid JSON", failure);
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> body)
    {
        foreach (var piece in body)
        {
            if (piece.Span.ContainsAnyExcept(" \t\r\n"u8)) return false;
        }

        return true;
    }

    private static BadHttpRequestException TooLong() =>
        new($"the request body is longer than {ApiRequest.MaximumJsonBody} bytes", StatusCodes.Status413PayloadTooLarge);
}
