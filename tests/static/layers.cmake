# Holds the includes against the table of the architecture: ui -> models -> backend, app sees all, everyone may include backend/types.
# Run as: cmake -DROOT=<source folder> -P layers.cmake
set(problems "")

# check(<folder> <allowed prefixes as a regular expression>): every include from the root inside <folder> must match.
function(check folder allowed)
  file(GLOB_RECURSE files ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cpp)
  foreach(file IN LISTS files)
    file(STRINGS ${file} includes REGEX "^#include \"(app|ui|models|backend|contracts|tests)/")
    foreach(include IN LISTS includes)
      if(NOT include MATCHES "^#include \"(${allowed})")
        file(RELATIVE_PATH name ${ROOT} ${file})
        list(APPEND problems "${name}: ${include}")
      endif()
    endforeach()
  endforeach()
  set(problems "${problems}" PARENT_SCOPE)
endfunction()

# forbid(<folder> <regular expression> <exception>): no include inside <folder> may match, but in files whose path matches <exception>.
function(forbid folder pattern exception)
  file(GLOB_RECURSE files ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cpp)
  foreach(file IN LISTS files)
    file(RELATIVE_PATH name ${ROOT} ${file})
    if(exception AND name MATCHES "${exception}")
      continue()
    endif()
    file(STRINGS ${file} includes REGEX "^#include [\"<](${pattern})")
    foreach(include IN LISTS includes)
      list(APPEND problems "${name}: ${include}")
    endforeach()
  endforeach()
  set(problems "${problems}" PARENT_SCOPE)
endfunction()

check(backend "backend/")
check(models "models/|backend/")
check(ui "ui/|models/|backend/types/|backend/records/")
check(app "app/|ui/|models/|backend/")
# A participant's wire format stays inside the backend's bridge and the simulator.
forbid(models "com/|google/|grpc|Qt(Gui|Widgets)|QWidget|QColor|QIcon|QFont|QPainter" "")
forbid(ui "com/|google/|grpc" "")
forbid(app/console "com/|google/|grpc" "")
# Signing stands apart from observing, so that a read-only wall cannot link it.
forbid(ui "models/approvals/" "^ui/pages/approvals/|^ui/approvals/")
# A record is drawn as the document that it is: there is nothing for a model to hold.
forbid(ui "backend/records/" "^ui/pages/approvals/|^ui/approvals/|^ui/documents/")
# proposals/qr carries bytes and knows nothing of what they say.
forbid(models "backend/(keys/|records/|proposals/[a-z]+[.]h|safe/|review/)" "^models/approvals/")
forbid(backend "backend/(keys|proposals|records|review)/" "^backend/(keys|proposals|records|review)/")

if(problems)
  list(JOIN problems "\n  " text)
  message(FATAL_ERROR "Includes outside the table of layers:\n  ${text}")
endif()
