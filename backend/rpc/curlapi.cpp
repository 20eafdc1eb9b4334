#include "backend/rpc/curlapi.h"

#include "backend/rpc/log.h"

#include <dlfcn.h>

namespace countersign {

namespace {

template <class Function> bool resolve(void *library, const char *name, Function &function)
{
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

CurlApi load()
{
    CurlApi api;
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        qCCritical(lcRpc, "libcurl.so.4 cannot be loaded: %s", dlerror());
        return api;
    }
    api.loaded = resolve(library, "curl_global_init", api.global_init) && resolve(library, "curl_easy_init", api.easy_init)
        && resolve(library, "curl_easy_setopt", api.easy_setopt) && resolve(library, "curl_easy_getinfo", api.easy_getinfo)
        && resolve(library, "curl_easy_strerror", api.easy_strerror) && resolve(library, "curl_easy_cleanup", api.easy_cleanup)
        && resolve(library, "curl_slist_append", api.slist_append) && resolve(library, "curl_slist_free_all", api.slist_free_all)
        && resolve(library, "curl_multi_init", api.multi_init) && resolve(library, "curl_multi_setopt", api.multi_setopt)
        && resolve(library, "curl_multi_add_handle", api.multi_add_handle)
        && resolve(library, "curl_multi_remove_handle", api.multi_remove_handle)
        && resolve(library, "curl_multi_socket_action", api.multi_socket_action)
        && resolve(library, "curl_multi_info_read", api.multi_info_read) && resolve(library, "curl_multi_cleanup", api.multi_cleanup)
        && api.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return api;
}

} // namespace

const CurlApi &curl()
{
    static const CurlApi api = load();
    return api;
}

} // namespace countersign
